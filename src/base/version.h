// The version of loa. It enters every fingerprint.
#ifndef LOA_BASE_VERSION_H
#define LOA_BASE_VERSION_H

#include "base/str.h"

#define LOA_VERSION "0.1.0"

#endif
