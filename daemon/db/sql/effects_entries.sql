-- Entries of earlier lists whose person or household is another now, where they are few beside all that is held: $1 district.
SELECT padan.take_ids($1)
