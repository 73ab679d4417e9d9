/*
 * Who moved differs in every part of the address at once: street, number, town, code. Counted one by one as if each were news, they
 * outweigh a name and a birth date. Instead, rows of one person are those of somebody who stayed, or with a share μ of somebody who moved,
 * whose address tells no more than a stranger's:
 *
 *	m(address) = (1 − μ) Π m_k + μ Π u_k
 *
 * so that all parts together take log2 μ from a pair at most. A mixture within the class of matches; μ is learnt (train.c). Used where
 * two columns or more are the address's for sure and no household's key says who lives together; called by scoring, clusters and training.
 */
#ifndef PADAN_MOVERS_H
#define PADAN_MOVERS_H

#include "matcher/link/score.h"

/* The columns of the address, a bit each; 0 where this is not used. */
uint32_t movers_places(const struct store *store, const struct fs_model *model);

/* What those columns say of one person against strangers, bits; *ret_told: how many say anything. */
double movers_evidence(const struct scorer *scorer, const struct levels *levels, unsigned *ret_told);

/* What that somebody may have moved adds to it, in bits; *ret_moved (may be NULL): the probability that he has. */
double movers_add(double share, double evidence, double *ret_moved);

#endif
