// The page's files, and no code. In C for the reason that Weights is.
#include "Page.h"
