/*
 * The verbs of `padan`, one file each: daemon/cli/cli_VERB.c. argv[0] is the verb; the result is the exit status: 0 done,
 * 2 usage, 3 input refused, 4 database or system. daemon/padan.c has them in one table.
 */
#ifndef PADAN_CLI_H
#define PADAN_CLI_H

int cli_apply(int argc, char **argv);
int cli_import(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_dedupe(int argc, char **argv);
int cli_link(int argc, char **argv);
int cli_lists(int argc, char **argv);
int cli_flags(int argc, char **argv);
int cli_status(int argc, char **argv);
int cli_decide(int argc, char **argv);
int cli_search(int argc, char **argv);
int cli_doctor(int argc, char **argv);
int cli_explain(int argc, char **argv);
int cli_export(int argc, char **argv);
int cli_migrate(int argc, char **argv);
int cli_simulate(int argc, char **argv);
int cli_user(int argc, char **argv);
int cli_token(int argc, char **argv);
int cli_audit(int argc, char **argv);

#endif
