/* SPDX-License-Identifier: GPL-2.0-only */
/* SANITIZED_ADDRESS: built with the address sanitizer, which compilers say in two ways. */
#ifndef EXECFAIL_SANITIZED_H
#define EXECFAIL_SANITIZED_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED_ADDRESS
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED_ADDRESS
#endif

#endif
