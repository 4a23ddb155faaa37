-- What somebody has read or done, newest first, without a look at all that bears another mark.
CREATE INDEX inbox_mark_by_mark ON inbox_mark (user_name, mark, seq);
