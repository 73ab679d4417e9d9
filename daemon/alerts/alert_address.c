/*
 * Inner addresses; see alert_address.h. Ranges: IANA special-purpose address registries (RFC 6890 and its updates).
 */
#include "daemon/alerts/alert_address.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "daemon/base/banned.h"

static bool is_inner4(uint32_t a)
{
	static const struct {
		uint32_t net;
		int bits;
	} ranges[] = {
		{0x00000000, 8},  /* this network */
		{0x0a000000, 8},  /* private */
		{0x64400000, 10}, /* shared, carrier NAT */
		{0x7f000000, 8},  /* loopback */
		{0xa9fe0000, 16}, /* link-local, cloud metadata */
		{0xac100000, 12}, /* private */
		{0xc0000000, 24}, /* IETF assignments */
		{0xc0000200, 24}, /* documentation */
		{0xc0586300, 24}, /* 6to4 relays */
		{0xc0a80000, 16}, /* private */
		{0xc6120000, 15}, /* benchmarks */
		{0xc6336400, 24}, /* documentation */
		{0xcb007100, 24}, /* documentation */
		{0xe0000000, 4},  /* multicast */
		{0xf0000000, 4},  /* reserved, broadcast */
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if ((a ^ ranges[i].net) >> (32 - ranges[i].bits) == 0)
			return true;
	}
	return false;
}

static uint32_t four(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool is_inner6(const unsigned char *p)
{
	static const unsigned char zeros[12];

	if (memcmp(p, zeros, 12) == 0) /* unspecified, loopback, IPv4-compatible */
		return true;
	if (memcmp(p, zeros, 10) == 0 && p[10] == 0xff && p[11] == 0xff) /* IPv4-mapped */
		return is_inner4(four(p + 12));
	if (memcmp(p, "\x00\x64\xff\x9b", 4) == 0) /* NAT64 */
		return p[4] || p[5] || is_inner4(four(p + 12));
	if (p[0] == 0x20 && p[1] == 0x02) /* 6to4 */
		return is_inner4(four(p + 2));
	if (p[0] == 0x20 && p[1] == 0x01 && p[2] < 0x02) /* Teredo, ORCHID and other IETF assignments */
		return true;
	if (memcmp(p, "\x20\x01\x0d\xb8", 4) == 0) /* documentation */
		return true;
	/* Only 2000::/3 is given out to the public. */
	return (p[0] & 0xe0) != 0x20;
}

bool address_is_inner(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		return is_inner4(ntohl(in.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, address, sizeof(in6));
		/* NAT64's prefix is outside 2000::/3 and is handled before that rule. */
		return is_inner6(in6.sin6_addr.s6_addr);
	}
	return true;
}
