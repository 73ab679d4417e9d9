/*
 * Welfare decile as lists write it: 1, "1.0", "Desil 1", "D1", "01", "DESIL I". 0 is unknown.
 */
#ifndef PADAN_DESIL_H
#define PADAN_DESIL_H

#include "matcher/base/str.h"

#include <stdint.h>

/* 1..10; 0 if missing or unreadable, a range included. */
uint8_t desil_parse(struct str raw);

#endif
