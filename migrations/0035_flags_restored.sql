-- A flag that a person had confirmed or given to an office, and that a list settled, is again what it was when that list is withdrawn.
INSERT INTO padan.flag_transitions VALUES
	('resolved', 'assigned', 'shown again, and given to an office before on the same ground'),
	('resolved', 'confirmed', 'shown again, and confirmed before on the same ground');
