/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine's part that is not public. */
#ifndef PKO_ENGINE_ENGINE_H
#define PKO_ENGINE_ENGINE_H

#include "model/mission.h"

#endif
