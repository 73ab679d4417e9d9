/*
 * Every maximum of the daemon in one place: queues, buffers, times. Units are in the names. A number here is a promise
 * that something stays bounded; the reason stands beside it where it isn't plain.
 */
#ifndef PADAN_LIMITS_H
#define PADAN_LIMITS_H

enum {
	/* Inbox */
	LIMIT_INBOX_PATH_BYTES = 1024,     /* below the inbox folder: office/programme/period/file */
	LIMIT_INBOX_NAME_BYTES = 200,      /* a file's own name; leaves room for the suffixes of notes */
	LIMIT_INBOX_DEPTH = 4,             /* folders: district, office, programme, period, one more */
	LIMIT_INBOX_FOLDERS = 4096,        /* watched at once */
	LIMIT_INBOX_FILES = 10000,         /* waiting at once; what is beyond is found by a later scan */
	LIMIT_INBOX_SCAN_MS = 5000,        /* a look at all folders, whatever inotify said */
	LIMIT_INBOX_SETTLE_MS = 500,       /* a file that changed and that no event spoke of is left alone that long … */
	LIMIT_INBOX_SETTLE_BLIND = 20,     /* … times this where it can't be told whether somebody writes */
	LIMIT_INBOX_FILE_BYTES_MAX = 2000000000, /* a single file */

	/* Jobs */
	LIMIT_JOBS_AT_ONCE = 2,            /* jobs one daemon works on side by side, each of another district */
	LIMIT_JOB_LEASE_SECONDS = 60,      /* without a heartbeat for that long, another daemon may take the job */
	LIMIT_JOB_POLL_MS = 3000,          /* a look at the queue, whether NOTIFY was heard or not */
	LIMIT_JOB_ATTEMPTS = 20,           /* then the job is set aside and its list says so */
	LIMIT_COPY_CHUNK_BYTES = 1 << 20,  /* rows are handed to COPY in pieces of that size */
	LIMIT_STAGE_BATCH_ROWS = 8192,     /* rows read in one visit to the pool */
	LIMIT_MODEL_ROWS = 1000,           /* to learn a model from; with fewer the shipped one stays … */
	LIMIT_MODEL_SHARE = 20,            /* … and one in so many of all rows held, as learning costs all of them */
	LIMIT_DISTRICTS_IN_MEMORY = 16,    /* registers kept; the one used longest ago goes first */
	LIMIT_DISTRICTS_AHEAD = 4,         /* … of which so many are loaded when a daemon starts, before a list asks for them */

	/* Alerts */
	LIMIT_ALERTS_AT_ONCE = 8,          /* transfers side by side */
	LIMIT_ALERT_SECONDS = 30,          /* for one delivery, connection included */
	LIMIT_ALERT_BODY_BYTES = 64 << 10, /* of a text or a JSON that we send */
	LIMIT_ALERT_ANSWER_BYTES = 16 << 10, /* of an answer that we read; longer ones are a failure */
	LIMIT_ALERT_ATTEMPTS = 10,         /* then it is dead: shown by `padan status`, never sent again by itself */
	LIMIT_ALERT_BACKOFF_SECONDS = 15,  /* doubled at each attempt … */
	LIMIT_ALERT_BACKOFF_SECONDS_MAX = 6 * 3600,

	/* Service */
	LIMIT_RECONNECT_MS = 250,          /* doubled at each failure, with jitter … */
	LIMIT_RECONNECT_MS_MAX = 4000,     /* … so that work goes on within 5 s of the server's return */
	LIMIT_STALL_SECONDS = 180,         /* work in hand that moved nothing for that long no longer feeds the watchdog */
	LIMIT_SHUTDOWN_SECONDS = 20,       /* from SIGTERM: what is not finished by then is handed back */
	LIMIT_STATUS_SECONDS = 10,         /* the daemon's own line in the database, shown by `padan status` */

	/* Web */
	LIMIT_WEB_CONNECTIONS = 512,       /* open at once; past it the one idle longest makes room */
	LIMIT_WEB_REQUESTS = 256,          /* being worked on at once; more are told to come back (503) */
	LIMIT_WEB_REQUESTS_EACH = 96,      /* … of them by one address, behind which a whole office may sit */
	LIMIT_WEB_HEADER_BYTES = 32 << 10, /* request line and headers of one request */
	LIMIT_WEB_BODY_BYTES = 256 << 10,  /* of a body that is held whole, where a route says nothing else */
	LIMIT_WEB_REFUSED_BODY_BYTES = 8 << 20, /* of a refused upload that is read away before its answer; then it is cut off */
	LIMIT_WEB_IDLE_SECONDS = 60,       /* a connection that moves nothing */
	LIMIT_WEB_HEADER_SECONDS = 30,     /* from the first byte awaited to the last header */
	LIMIT_WEB_BYTES_EACH_SECOND = 512, /* slowest body, measured from LIMIT_WEB_HEADER_SECONDS on */
	LIMIT_WEB_SEND_SECONDS = 900,      /* for an answer to be taken; events end then and are asked for anew */
	LIMIT_WEB_SQL_CONNECTIONS = 6,
	LIMIT_WEB_SQL_WAIT_MS = 5000,      /* for a connection to be free */
	LIMIT_WEB_SQL_MS = 15000,          /* for one statement */
	LIMIT_WEB_REFRESH_MS = 600000,     /* for the counts that pages read, made in the background … */
	LIMIT_WEB_REFRESH_SECONDS = 60,    /* … after each job, and this often */
	LIMIT_WEB_UPLOAD_BYTES = 2000000000, /* of a file; the inbox takes no larger one either */
	LIMIT_DRY_RUN_ENTRIES = 10000000,   /* of current lists, that a rule is tried on in memory: 40 bytes each */
	LIMIT_WEB_UPLOAD_HOURS = 48,       /* an upload that was begun and not used goes */
	LIMIT_WEB_STREAM_BYTES = 256 << 10, /* of an answer on its way that wait for a slow reader; then its writer waits */
	LIMIT_WEB_EVENT_STREAMS = 256,
	LIMIT_WEB_PAGES_BYTES = 64 << 20,  /* the folder of pages, which is held in memory */
	LIMIT_WEB_PAGES_FILES = 2048,
	LIMIT_WEB_PASSWORDS_AT_ONCE = 2,   /* argon2id takes 64 MiB each … */
	LIMIT_WEB_PASSWORDS_WAITING = 32,  /* … and these wait their turn */

	/* Log */
	LIMIT_LOG_LINE_BYTES = 2048,
	LIMIT_LOG_FIELDS = 16
};

#endif
