// Documents by number: the pages whose type has `library`.
#ifndef LOA_MODEL_LIBRARY_H
#define LOA_MODEL_LIBRARY_H

#include "model/builder.h"

// Fills site->library, then links the numbers in fields. After refs are
// resolved. A number that the library lacks stays text.
void library_build(Builder *b);

#endif
