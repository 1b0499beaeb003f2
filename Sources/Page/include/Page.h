#ifndef PAGE_H
#define PAGE_H

/// Where the package manager copies the page's files: a folder beside the executable.
#define PAGE_FOLDER "riviera_Page.resources/site"

#endif
