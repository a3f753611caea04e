/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The version of the library, in one place: the build reads it from the line below. */
#ifndef PKO_BASE_VERSION_H
#define PKO_BASE_VERSION_H

#define PKO_VERSION "0.1.0" /* MAJOR.MINOR.PATCH */

#endif
