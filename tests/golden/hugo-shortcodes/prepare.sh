# The shortcodes of the theme, as a site that moves over would have them.
theme=$(dirname "$0")/../../../themes/congdoan
mkdir -p i18n
cp "$theme"/i18n/*.yaml i18n/
cp -r "$theme/layouts/shortcodes" layouts/
mkdir -p layouts/partials
cp "$theme/layouts/partials/video-link.html" layouts/partials/
