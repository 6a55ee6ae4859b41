# The same site when all that was pinned has come to its end: the day of an end
# without a time is over.
cp -r "$(dirname "$0")/../pins/site/." .
