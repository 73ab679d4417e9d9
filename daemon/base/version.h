/*
 * The version of both programs, shown by --version and in padan.daemons.
 */
#ifndef PADAN_VERSION_H
#define PADAN_VERSION_H

#define PADAN_VERSION "0.1.0"

#endif
