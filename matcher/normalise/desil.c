/*
 * See desil.h.
 */
#include "matcher/normalise/desil.h"

#include "matcher/normalise/text_fold.h"

static uint8_t roman(struct str word)
{
	static const char *const numbers[] = {"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"};

	for (uint8_t i = 0; i < 10; i++)
		if (str_equal(word, str_from(numbers[i])))
			return (uint8_t)(i + 1);
	return 0;
}

/* The first number of the words; what else is said must be no number but the zeros of "1.0". */
uint8_t desil_parse(struct str raw)
{
	char folded[32];
	size_t n = text_fold_words_into(raw, folded, sizeof(folded), NULL);
	uint8_t found = 0;

	for (size_t i = 0; i < n;) {
		size_t start = i;
		unsigned value = 0, digits = 0;
		struct str word;
		uint8_t desil = 0;

		while (i < n && folded[i] != ' ')
			i++;
		word = (struct str){folded + start, i - start};
		i += i < n;
		for (size_t k = 0; k < word.n; k++) {
			if (folded[start + k] >= '0' && folded[start + k] <= '9') {
				value = value < 1000 ? value * 10 + (unsigned)(folded[start + k] - '0') : value;
				digits++;
			}
		}
		if (digits)
			desil = value >= 1 && value <= 10 ? (uint8_t)value : 0;
		else
			desil = roman(word);
		if (digits && !desil && value)
			return 0;
		if (digits && !desil && !found)
			return 0;
		if (desil && found)
			return 0; /* "1-4" is a range, not a decile */
		if (desil)
			found = desil;
	}
	return found;
}
