// The program and the libraries that pages go through, as they lie on the disk:
// a distribution mends a library and keeps its version.
#ifndef LOA_BASE_LOADED_H
#define LOA_BASE_LOADED_H

#include "base/hash.h"

// Of paths, sizes and times; no file is opened. Which of the others are loaded
// (for a network, for tests) does not count.
Hash loaded_hash(void);

#endif
