"""Made-up lists that an engine may stumble over: households without a household's key, dates in three columns, a constant
column, telephones written in several ways, names with initials, many rows a person, no repeats at all, fifty rows, Spanish and French
headers with two surnames, e-mail addresses made of the name, names glued together, names and birth dates damaged alike, people told with
titles, places and trades over and over.

Names are made of syllables; nothing is taken from anybody's list. write(name, path) writes one with the truth in `cluster`.
"""
import csv
import random

SYLLABLES = "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru sa se si so su ta te ti to tu wa wi ya yu".split()
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Maker:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.pools = {kind: self.pool(kind, size) for kind, size in (("given", 400), ("family", 1200), ("street", 900), ("town", 150))}

    def pool(self, kind, size):
        rng = random.Random(kind)
        words = sorted({"".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 2, 3)))) + rng.choice(("", "n", "r", "s")) for _ in range(2 * size)})
        rng.shuffle(words)
        weights = [1 / (i + 4) ** .8 for i in range(size)]
        return words[:size], weights

    def word(self, kind):
        words, weights = self.pools[kind]
        return self.rng.choices(words, weights)[0]

    def typo(self, word):
        if len(word) < 3:
            return word
        i, c = self.rng.randrange(1, len(word)), self.rng.choice(LETTERS)
        return self.rng.choice((word[:i] + word[i + 1:], word[:i] + c + word[i:], word[:i] + c + word[i + 1:],
                                word[:i - 1] + word[i] + word[i - 1] + word[i + 1:]))

    def maybe(self, p, word):
        return self.typo(word) if self.rng.random() < p else word

    def date(self):
        return [self.rng.randrange(1935, 2012), self.rng.randrange(1, 13), self.rng.randrange(1, 29)]

    def off(self, date):
        year, month, day = date
        return self.rng.choice(([year, month, self.rng.randrange(1, 29)], [year, self.rng.randrange(1, 13), day],
                                [year + self.rng.choice((-1, 1, 10)), month, day], [year, 1, 1]))

    def phone(self):
        return "08" + "".join(self.rng.choice("0123456789") for _ in range(10))

    def chance(self, p):
        return self.rng.random() < p


def iso(date):
    return "%04d-%02d-%02d" % tuple(date)


def households(m):
    """Surname, address and town shared by a family; some members share a first name; people move and marry."""
    rows, person = [], 0
    while person < 6000:
        family, home = m.word("family"), (m.rng.randrange(1, 900), m.word("street") + " street", m.word("town"))
        for _ in range(m.rng.choice((1, 1, 2, 3, 4, 5))):
            person += 1
            given, middle, born, sex = m.word("given"), m.rng.choice("ABCDEHJKLMRST"), m.date(), m.rng.choice("MF")
            for again in range(1 + m.chance(.15)):
                name, first, at, date = family, given, home, born
                if again:
                    name, first = m.maybe(.12, family), m.maybe(.15, given)
                    at = (m.rng.randrange(1, 900), m.word("street") + " street", m.word("town")) if m.chance(.2) else home
                    date = m.off(born) if m.chance(.1) else born
                    name = m.word("family") if sex == "F" and m.chance(.08) else name
                rows.append((person, [name.upper(), first.upper(), "" if again and m.chance(.2) else middle, *at, iso(date), sex]))
    return ["last_name", "first_name", "middle", "house_number", "street", "town", "birth_date", "sex"], rows


def three_columns(m):
    """One error in each repeat; the birth date in three columns; common names."""
    rows = []
    for person in range(9000):
        values = [m.word("given"), m.word("family"), *m.date()]
        rows.append((person, list(values)))
        if m.chance(.1):
            k = m.rng.choice((0, 0, 1, 1, 2, 3, 4))
            values[k] = m.typo(values[k]) if k < 2 else values[2] + m.rng.choice((-1, 1, 10, 3)) if k == 2 else m.rng.randrange(1, 13 if k == 3 else 29)
            rows.append((person, values))
    return ["vorname", "nachname", "by", "bm", "bd"], rows


def telephones(m):
    rows = []
    for person in range(5000):
        words, phone = [m.word("given"), m.word("family")][:m.rng.choice((1, 2, 2))], m.phone()
        for again in range(1 + m.chance(.3)):
            number = m.phone() if again and m.chance(.05) else phone
            shown = m.rng.choice((number, "+62 " + number[1:4] + " " + number[4:8] + " " + number[8:], number[:4] + "-" + number[4:8] + "-" + number[8:]))
            rows.append((person, [" ".join(m.maybe(.25 * again, w) for w in words), shown]))
    return ["Nama", "No. HP"], rows


def initials(m):
    rows = []
    for person in range(4000):
        first, second, last, born, town = m.word("given"), m.word("given"), m.word("family"), m.date(), m.word("town")
        for again in range(1 + m.chance(.3)):
            a, b = first, second
            if again:
                a, b = (a[0] + "." if m.chance(.5) else a), (b[0] + "." if m.chance(.5) else "" if m.chance(.3) else b)
            rows.append((person, [" ".join(x for x in (a, b, m.maybe(.15 * again, last)) if x).title(), iso(born) if m.chance(.6) else born[0],
                                  "INDONESIA", "" if m.chance(.2) else town, "%.3f" % m.rng.random()]))
    return ["person", "born", "country", "town", "score2"], rows


def many_rows(m):
    """Up to twenty rows a person."""
    rows = []
    for person in range(600):
        words, born, street = [m.word("given"), m.word("family")], m.date(), m.word("street") + " %d" % m.rng.randrange(1, 99)
        for _ in range(m.rng.randrange(1, 21)):
            date = m.off(born) if m.chance(.15) else born
            rows.append((person, [" ".join(m.maybe(.2, w) for w in words).upper(), "" if m.chance(.1) else "%02d/%02d/%04d" % tuple(reversed(date)),
                                  "" if m.chance(.15) else m.maybe(.1, street)]))
    return ["NAMA", "TGL LAHIR", "ALAMAT"], rows


def no_repeats(m):
    return ["first_name", "last_name", "dob", "city"], [
        (person, [m.word("given"), m.word("family"), iso(m.date()), m.word("town")]) for person in range(3000)]


def fifty_rows(m):
    rows = []
    for person in range(40):
        given, family, born, town = m.word("given"), m.word("family"), m.date(), m.word("town")
        for again in range(1 + m.chance(.25)):
            rows.append((person, [m.maybe(.4 * again, given), m.maybe(.3 * again, family), iso(born), town]))
    return ["given", "family", "born", "town"], rows


def two_surnames(m):
    """Spanish headers; two surnames, of which the second is often left out; the day before the month; many townspeople of one name."""
    rows = []
    for person in range(5000):
        given, first, second, born, town = m.word("given"), m.word("family"), m.word("family"), m.date(), m.word("town")
        sex, number = m.rng.choice(("Hombre", "Mujer")), "%08d" % m.rng.randrange(10 ** 8) + m.rng.choice("TRWAGMYF")
        for again in range(1 + m.chance(.25)):
            date = m.off(born) if again and m.chance(.12) else born
            rows.append((person, [m.maybe(.15 * again, given).title(), m.maybe(.1 * again, first).title(),
                                  "" if again and m.chance(.4) else m.maybe(.1 * again, second).title(), "%02d/%02d/%04d" % tuple(reversed(date)),
                                  sex, m.word("town") if again and m.chance(.15) else town,
                                  "" if m.chance(.3) else m.maybe(.1 * again, number)]))
    return ["Nombre", "Primer apellido", "Segundo apellido", "Fecha de nacimiento", "Sexo", "Municipio", "DNI"], rows


def glued_names(m):
    """French headers; words of a name glued together or cut, no identifier."""
    rows = []
    for person in range(5000):
        words, born, street = [m.word("given"), m.word("given"), m.word("family")], m.date(), "%d rue %s" % (m.rng.randrange(1, 90), m.word("street"))
        for again in range(1 + m.chance(.3)):
            shown = list(words)
            if again and m.chance(.35):
                k = m.rng.randrange(2)
                shown[k:k + 2] = [shown[k] + shown[k + 1]]
            if again and m.chance(.2):
                shown[-1] = shown[-1][:max(3, len(shown[-1]) - 3)]
            shown = [m.maybe(.12 * again, word) for word in shown]
            date = m.off(born) if again and m.chance(.1) else born
            rows.append((person, [" ".join(shown).upper(), "%02d.%02d.%04d" % tuple(reversed(date)), "" if m.chance(.2) else m.maybe(.1 * again, street)]))
    return ["Nom et prénom", "Date de naissance", "Adresse"], rows


def named_mail(m):
    """E-mail addresses made of the name, so that both say the same."""
    rows = []
    for person in range(4000):
        given, family, born = m.word("given"), m.word("family"), m.date()
        mail = m.rng.choice((given + "." + family, given[0] + family, family + given[0], given + family[0] + str(m.rng.randrange(100)))) + "@" + m.rng.choice(
            ("mail.com", "post.org", "net.id"))
        for again in range(1 + m.chance(.3)):
            rows.append((person, [m.maybe(.2 * again, given), m.maybe(.2 * again, family), "" if m.chance(.3) else iso(m.off(born) if again and m.chance(.1) else born),
                                  "" if m.chance(.3) else m.maybe(.15 * again, mail)]))
    return ["first name", "last name", "dob", "e-mail"], rows


def names_and_dates(m):
    """Nothing but names and birth dates, both damaged in one repeat in three."""
    rows = []
    for person in range(9000):
        given, family, born = m.word("given"), m.word("family"), m.date()
        rows.append((person, [given, family, iso(born)]))
        if m.chance(.1):
            rows.append((person, [m.maybe(.35, given), m.maybe(.35, family), iso(m.off(born) if m.chance(.3) else born)]))
    return ["first_name", "last_name", "birth_date"], rows


def told_over_and_over(m):
    """Up to twelve rows a person; titles, birth place, postcode, trade; much of it missing, damaged or told anew."""
    rows, titles, trades = [], ("sir", "rev.", "dr.", "lady", "capt."), [m.word("street") for _ in range(40)]
    for person in range(1500):
        given, family, born, place = m.word("given"), m.word("family"), m.date(), m.word("town")
        code, trade, title = "%s%d %d" % (place[:2], m.rng.randrange(1, 20), m.rng.randrange(1, 10)), m.rng.choice(trades), m.rng.choice(titles)
        for _ in range(m.rng.randrange(1, 13)):
            name = " ".join([title] * m.chance(.2) + [given[0] if m.chance(.1) else m.maybe(.15, given), m.maybe(.15, family)])
            rows.append((person, [name if not m.chance(.05) else given, "" if m.chance(.25) else iso(m.off(born) if m.chance(.15) else born),
                                  "" if m.chance(.3) else m.maybe(.1, place), "" if m.chance(.3) else m.maybe(.15, code),
                                  "" if m.chance(.4) else m.rng.choice(trades) if m.chance(.15) else trade]))
    return ["full_name", "dob", "birth_place", "postcode", "occupation"], rows


LISTS = {"households, no key": households, "date in three columns": three_columns, "names and telephones": telephones,
         "initials, noise": initials, "many rows a person": many_rows, "no repeats": no_repeats, "fifty rows": fifty_rows,
         "two surnames, Spanish": two_surnames, "glued names, French": glued_names, "mail made of the name": named_mail,
         "names and dates": names_and_dates, "told over and over": told_over_and_over}


def write(name, path, seed=1):
    maker = Maker(f"{name} {seed}")
    header, rows = LISTS[name](maker)
    maker.rng.shuffle(rows)
    with open(path, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", *header, "cluster"])
        writer.writerows([number + 1, *values, person] for number, (person, values) in enumerate(rows))
    return path
