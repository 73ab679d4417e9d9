/*
 * padan simulate: writes a made-up district (daemon/simulate/). Called by daemon/padan.c.
 */
#ifndef PADAN_CLI_SIMULATE_H
#define PADAN_CLI_SIMULATE_H

/* argv[0] is the verb; returns the exit status. */
int cli_simulate(int argc, char **argv);

#endif
