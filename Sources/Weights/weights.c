// The default models' files, and no code. The target is in C because the package manager adds to every
// Swift target with a file of its own a source that imports all of Foundation: 60 MB to find one path.
#include "Weights.h"
