/*
 * Which addresses a webhook may go to: public ones. A webhook's URL is configured by people, but the name in it is answered by
 * somebody's DNS: it is resolved once, every answer is looked at, and the transfer is pinned to the one that was looked
 * at (OWASP ASVS 1.3.6, 15.3.2).
 *
 * Pure. Called by alert_webhook.c.
 */
#ifndef PADAN_ALERT_ADDRESS_H
#define PADAN_ALERT_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Loopback, private, link-local, shared, documentation, multicast, reserved – also when wrapped into IPv6. */
bool address_is_inner(const struct sockaddr *address);

#endif
