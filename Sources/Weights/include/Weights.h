#ifndef WEIGHTS_H
#define WEIGHTS_H

/// Where the package manager copies this target's files: a folder beside the executable.
#define WEIGHTS_FOLDER "riviera_Weights.resources"

#endif
