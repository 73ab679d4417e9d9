/*
 * The address the web listens on – loopback or a Unix socket, nothing else – and the name it is known by.
 */
#include "daemon/http/http_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/base/banned.h"

static int listen_error(struct error *err, const char *where, int number)
{
	return error_set(err, ERROR_SYSTEM, "Tidak dapat mendengarkan di %.100s (%s); pilih alamat lain dengan --web.",
		"Cannot listen on %.100s (%s); choose another address with --web.", where, strerror(number));
}

static int listen_unix(struct http_server *server, const char *path, struct error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	mode_t before;
	int fd, rc;

	if (strlen(path) >= sizeof address.sun_path)
		return error_set(err, ERROR_USAGE, "Jalur soket --web terlalu panjang.", "The path of the socket in --web is too long.");
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return listen_error(err, path, errno);
	/* A socket that a daemon killed left behind; one that answers stays. */
	if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
		close(fd);
		return listen_error(err, path, EADDRINUSE);
	}
	unlink(path);
	before = umask(0117); /* the owner and the group: the proxy's user belongs to the group */
	rc = bind(fd, (struct sockaddr *)&address, sizeof address);
	umask(before);
	if (rc < 0 || listen(fd, 128) < 0) {
		listen_error(err, path, errno);
		close(fd);
		return -1;
	}
	snprintf(server->socket_path, sizeof server->socket_path, "%s", path);
	server->unix_socket = true;
	server->listen_fd = fd;
	return 0;
}

static bool parse_address(const char *text, struct sockaddr_storage *address, socklen_t *size)
{
	struct sockaddr_in *four = (struct sockaddr_in *)address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
	const char *colon = strrchr(text, ':');
	int64_t port;
	char host[64];

	memset(address, 0, sizeof *address);
	if (!colon || !http_integer(colon + 1, &port) || port < 0 || port > 65535)
		return false;
	snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
	if (host[0] == '[' && host[strlen(host) - 1] == ']') {
		host[strlen(host) - 1] = '\0';
		six->sin6_family = AF_INET6;
		six->sin6_port = htons((uint16_t)port);
		*size = sizeof *six;
		return inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1 && IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
	}
	four->sin_family = AF_INET;
	four->sin_port = htons((uint16_t)port);
	*size = sizeof *four;
	return inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &four->sin_addr) == 1 &&
	       (ntohl(four->sin_addr.s_addr) >> 24) == 127;
}

static int listen_tcp(struct http_server *server, const char *text, struct error *err)
{
	struct sockaddr_storage address;
	socklen_t size;
	int one = 1, fd;

	if (!parse_address(text, &address, &size))
		return error_set(err, ERROR_USAGE,
			"--web harus alamat loopback seperti 127.0.0.1:8750, atau unix:/jalur/soket; ke luar lewat proksi TLS (docs/WEB.md).",
			"--web takes a loopback address such as 127.0.0.1:8750, or unix:/path/of/socket; for outside use a TLS proxy (docs/WEB.md).");
	fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return listen_error(err, text, errno);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 128) < 0 ||
		getsockname(fd, (struct sockaddr *)&address, &size) < 0) {
		listen_error(err, text, errno);
		close(fd);
		return -1;
	}
	server->port = ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
							   : ((struct sockaddr_in *)&address)->sin_port);
	server->listen_fd = fd;
	return 0;
}

int http_listen(struct http_server *server, const char *address, struct error *err)
{
	if (strncmp(address, "unix:", 5) == 0)
		return listen_unix(server, address + 5, err);
	return listen_tcp(server, address, err);
}

int http_name_itself(struct http_server *server, const struct http_server_options *options, struct error *err)
{
	char url[128];
	size_t n;

	if (options->public_url && *options->public_url)
		snprintf(url, sizeof url, "%s", options->public_url);
	else if (server->unix_socket)
		snprintf(url, sizeof url, "http://localhost");
	else
		snprintf(url, sizeof url, "http://%.*s:%u", (int)(strrchr(options->listen, ':') - options->listen), options->listen, server->port);
	n = strlen(url);
	if (n && url[n - 1] == '/')
		url[n - 1] = '\0';
	server->https = strncmp(url, "https://", 8) == 0;
	if (!server->https && strncmp(url, "http://", 7) != 0)
		return error_set(err, ERROR_USAGE, "--web-url harus diawali https:// atau http://.", "--web-url must begin with https:// or http://.");
	server->public_url = strdup(url);
	server->conninfo = strdup(options->conninfo ? options->conninfo : "");
	return server->public_url && server->conninfo ? 0 : error_memory(err);
}
