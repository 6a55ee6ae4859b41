// `page` of a template.
#ifndef LOA_RENDER_VIEW_PAGE_H
#define LOA_RENDER_VIEW_PAGE_H

#include "render/view.h"

Value view_page(const View *v);

#endif
