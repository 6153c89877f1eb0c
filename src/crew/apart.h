/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is common to processes of ours that stand beside the reader: how they leave what it has, and hand it
 * descriptors.
 */
#ifndef EXECFAIL_APART_H
#define EXECFAIL_APART_H

#include <stddef.h>
#include <sys/types.h>

/* In a process that was just forked: it ends when its parent does, which is the parent that it had then. */
void apart_follow(pid_t parent);

/* It leaves the terminal, hears no signals, and has no descriptor any more but these two. b: -1, there is one. */
void apart_begin(int a, int b);

/*
 * In its parent, with the socket between them: it is told to end and waited for, but not one that is stopped, which is
 * left to what it was stopped for. control is -1 afterwards; where it is before, there is none.
 */
void apart_end(int *control, pid_t pid);

/* A message with up to two descriptors, which stay who sends them; what has nobody to take it is dropped. */
void apart_hand(int socket, const void *data, size_t size, const int *fds, size_t n);

/*
 * Takes one; those of n that did not come are -1. Returns the message's size, or -errno. flags: MSG_DONTWAIT, or 0,
 * which is to wait.
 */
ssize_t apart_take(int socket, void *data, size_t size, int *fds, size_t n, int flags);

#endif
