-- How many flags a list showed is asked for each list that is done, by the inbox and by `padan import`: of the cells that flags are counted in.
CREATE INDEX web_flag_counts_found ON padan.web_flag_counts (district, found_list);
