// iCalendar (RFC 5545): one event, or all of a list.
#ifndef LOA_RENDER_ICAL_H
#define LOA_RENDER_ICAL_H

#include "render/world.h"

void ical_calendar(Job *job, const World *w, const Output *out, Buf *to);

#endif
