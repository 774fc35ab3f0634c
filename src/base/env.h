/* The environment of the process, as far as it may be believed. */
#ifndef GALVAN_BASE_ENV_H
#define GALVAN_BASE_ENV_H

/* The value of a variable; NULL where it is not set or empty, and always in a process that runs
 * with more rights than its caller has (set-user-ID): a caller could have files read or written
 * through it. Borrowed from the environment. */
const char *gv_env_get(const char *name);

#endif
