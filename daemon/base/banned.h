/*
 * Turns calls that have bitten others into compile errors, in the manner of git's banned.h. Included last, by every .c
 * file of the daemon's own (base, jobs, alerts, inbox): a header that needs one of these must come before it.
 *
 * Instead of: strcpy, strcat, sprintf → snprintf with sizeof; strtok → str.h; gmtime, localtime, ctime → the _r forms;
 * atoi and its kin → strtol with a check; system, popen → nothing, the daemon starts no programs; sleep → a timer.
 */
#ifndef PADAN_BANNED_H
#define PADAN_BANNED_H

#define PADAN_BANNED(call) banned_call_##call

#undef strcpy
#define strcpy(...) PADAN_BANNED(strcpy)
#undef strcat
#define strcat(...) PADAN_BANNED(strcat)
#undef strncpy
#define strncpy(...) PADAN_BANNED(strncpy)
#undef strncat
#define strncat(...) PADAN_BANNED(strncat)
#undef strtok
#define strtok(...) PADAN_BANNED(strtok)
#undef sprintf
#define sprintf(...) PADAN_BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) PADAN_BANNED(vsprintf)
#undef gmtime
#define gmtime(...) PADAN_BANNED(gmtime)
#undef localtime
#define localtime(...) PADAN_BANNED(localtime)
#undef ctime
#define ctime(...) PADAN_BANNED(ctime)
#undef asctime
#define asctime(...) PADAN_BANNED(asctime)
#undef atoi
#define atoi(...) PADAN_BANNED(atoi)
#undef atol
#define atol(...) PADAN_BANNED(atol)
#undef atof
#define atof(...) PADAN_BANNED(atof)
#undef system
#define system(...) PADAN_BANNED(system)
#undef popen
#define popen(...) PADAN_BANNED(popen)
#undef sleep
#define sleep(...) PADAN_BANNED(sleep)
#undef usleep
#define usleep(...) PADAN_BANNED(usleep)
#undef tmpnam
#define tmpnam(...) PADAN_BANNED(tmpnam)
#undef rand
#define rand(...) PADAN_BANNED(rand)

#endif
