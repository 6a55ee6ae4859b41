# The types of the theme as they are now; the layouts are small ones.
mkdir -p themes/t
cp -R "$(dirname "$0")/../../../themes/congdoan/types" themes/t/types
