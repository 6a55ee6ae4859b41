// Counts of years in texts: "137 năm Ngày Quốc tế Lao động".
#ifndef LOA_RENDER_ANNIVERSARY_H
#define LOA_RENDER_ANNIVERSARY_H

#include "render/world.h"

// W-ANNIV for each wrong one in the file of the page, its front matter too. A
// count is right for the year of the piece, of its window, or of the half year
// after it; where years stand behind the name in brackets, for the last one
// there. Its text has to be loaded.
void anniversary_check(Job *job, const World *w, const Page *page);

#endif
