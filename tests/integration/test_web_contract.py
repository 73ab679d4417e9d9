"""openapi.yaml against the server as a whole: every operation has a route, and requests made up from their descriptions – sensible, odd and
hostile ones – get answers that it describes, never a server's error."""
import base64
import json
import random
import re
import unittest
import urllib.parse

from api_support import BASE, CONTRACT, ApiCase, jsonschema

# Not made up: they would end the sessions of the others here, or never end by themselves.
LEFT_OUT = {"logout", "changePassword", "changeUser", "makeUserLink", "getEvents"}
HOSTILE = [None, True, -1, 0, 2 ** 31, 2 ** 63, 1e300, 0.5, "", " ", "x", "'; --", "%00", "\u0000", "\ud7ff\U0001f600", "1'", "a" * 3000, "{}", [], {}, [[]], [None],
    {"a": {"b": []}}, "2024-02-30", "=1+1", "\n"]
EACH = {"siti": 6, "bapak": 2, "budi": 3, "ani": 2} # requests to an operation
# What a word of the right kind would say too seldom.
KNOWN = {"nik": "1505012711800001", "name": "SITI AMINAH", "workbook": base64.b64encode(b"No. Temuan,Hasil (benar/salah),Keterangan\n1,benar,\n").decode()}


@unittest.skipUnless(jsonschema, "python3-jsonschema or python3-yaml is not installed")
class Contract(ApiCase):
    def operations(self):
        for path, methods in CONTRACT.document["paths"].items():
            for method, operation in methods.items():
                if method in ("get", "post", "put", "patch", "delete"):
                    yield method.upper(), path, operation

    def test_every_operation_is_routed(self):
        """Nobody logged in: what has a route says so, what has none is absent or takes no such request."""
        n, missing = 0, []
        for method, path, operation in self.operations():
            nobody = type(self.users["siti"])(self.port)
            answer = nobody.ask(method, BASE + re.sub(r"{\w+}", "1", path), {} if method != "GET" else None)
            n += 1
            if answer.status in (404, 405) and answer.type in ("absent", "method"):
                missing.append("%s %s (%s): %d" % (method, path, operation["operationId"], answer.status))
        self.assertEqual(missing, [])
        self.assertGreater(n, 80)

    # ---- made-up requests ----

    def allowed(self, schema, deep=0):
        """Something that the schema allows."""
        schema, chance = CONTRACT.resolve(schema), self.chance
        for word in ("oneOf", "anyOf", "allOf"):
            if word in schema:
                return self.allowed(chance.choice(schema[word]), deep)
        if "enum" in schema:
            return chance.choice(schema["enum"])
        kind = schema.get("type", "object")
        kind = chance.choice(kind) if isinstance(kind, list) else kind
        if kind == "object":
            return self.thing(schema, deep)
        if kind == "array":
            return [self.allowed(schema.get("items", {"type": "string"}), deep + 1) for _ in range(chance.randint(schema.get("minItems", 0), 3))]
        if kind in ("integer", "number"):
            low = schema.get("minimum", 0)
            return chance.randint(int(low), int(min(schema.get("maximum", low + 200), low + 200)))
        return {"boolean": chance.random() < 0.5, "null": None}.get(kind, chance.choice(self.words)) if kind != "string" else self.text(schema)

    def text(self, schema):
        if schema.get("format") in ("date", "date-time", "uuid"):
            return {"date": "2024-07-01", "date-time": "2024-07-01T08:00:00Z", "uuid": "00000000-0000-4000-8000-%012d" % self.chance.randint(0, 99)}[schema["format"]]
        return self.chance.choice(self.words)[: schema.get("maxLength", 5000)]

    def thing(self, schema, deep):
        made = {}
        for name, of in schema.get("properties", {}).items():
            if deep < 4 and (name in schema.get("required", []) or self.chance.random() < 0.6):
                made[name] = KNOWN[name] if name in KNOWN and self.chance.random() < 0.7 else self.allowed(of, deep + 1)
        if schema.get("additionalProperties") and deep < 4:
            made[self.chance.choice(self.words)] = self.chance.choice(self.words)
        return made

    def spoil(self, value):
        """One piece of it becomes something else."""
        chance = self.chance
        if isinstance(value, dict) and value and chance.random() < 0.9:
            name = chance.choice(sorted(value))
            return {k: v for k, v in value.items() if k != name} if chance.random() < 0.2 else dict(value, **{name: self.spoil(value[name])})
        if isinstance(value, list) and value and chance.random() < 0.7:
            at = chance.randrange(len(value))
            return value[:at] + [self.spoil(value[at])] + value[at + 1:]
        return chance.choice(HOSTILE)

    def make(self, method, path, operation):
        """(address, body) for one request."""
        chance, query = self.chance, {}
        for parameter in [CONTRACT.resolve(p) for p in operation.get("parameters", [])]:
            spoilt = chance.random() < 0.15
            value = self.spoil(0) if spoilt else self.allowed(parameter["schema"])
            if parameter["in"] == "path":
                if not spoilt and parameter["schema"].get("type") == "integer":
                    value = chance.choice(self.ids.get(parameter["name"], self.numbers))
                elif not spoilt and parameter["name"] == "pair":
                    value = "person.%s.%d.%s.%d" % (chance.choice(self.numbers), chance.randint(1, 60), chance.choice(self.numbers), chance.randint(1, 60))
                path = path.replace("{%s}" % parameter["name"], urllib.parse.quote(str(value) or "-", safe=""))
            elif parameter["in"] == "query" and (parameter.get("required") or chance.random() < 0.4):
                query[parameter["name"]] = json.dumps(value) if not isinstance(value, (str, list)) else value
        body = None
        if "requestBody" in operation:
            content = CONTRACT.resolve(operation["requestBody"])["content"]
            body = self.allowed(content["application/json"]["schema"]) if "application/json" in content else {"x": 1}
            body = self.spoil(body) if chance.random() < 0.4 else body
        elif method != "GET" and method != "DELETE":
            body = {}
        return path + ("?" + urllib.parse.urlencode(query, doseq=True) if query else ""), body

    def test_made_up_requests(self):
        self.chance = random.Random(5)
        self.numbers = [number for (number,) in self.sql("SELECT list FROM padan.lists UNION SELECT 1 UNION SELECT 2")] + ["1", "2", "3", "12", "99999999"]
        self.ids = {name: [number for (number,) in self.sql("SELECT DISTINCT %s FROM padan.%s LIMIT 9" % (name, table))] + ["7", "99999999"]
            for name, table in (("household", "entries"), ("person", "entries"), ("flag", "flags"))}
        self.words = ["pkh", "blt_dd", "dinsos", "dpmd", "target", "programme", "2024-07", "2024", "same", "confirmed", "siti", "SITI AMINAH", "1505012711800001",
            "nik", "uji coba", "daftar.csv", "true", "Mestong", "1505011001", "worst", "01/02/1980"]
        statuses, failures = {}, []
        for who, each in EACH.items():
            for method, path, operation in self.operations():
                if operation["operationId"] in LEFT_OUT:
                    continue
                for _ in range(each):
                    address, body = self.make(method, path, operation)
                    # Answers that the document does not describe raise in CheckedClient.
                    try:
                        answer = self.users[who].ask(method, BASE + address, body)
                    except (AssertionError, jsonschema.ValidationError) as error:
                        failures.append("%s %s %s\n  %s\n  %s" % (who, method, address[:300], json.dumps(body)[:300], str(error)[:400]))
                        continue
                    statuses.setdefault(operation["operationId"], set()).add(answer.status)
                    if answer.status >= 500 and not (answer.status == 503 and answer.headers.get("Retry-After")):
                        failures.append("%s %s %s\n  %s\n  %d %s" % (who, method, address[:300], json.dumps(body)[:300], answer.status, answer.body[:300]))
        self.assertFalse(failures, "\n".join(failures[:20]) + "\n" + self.said()[-1500:])
        # They get through: most operations said yes at least once.
        well = [name for name, seen in statuses.items() if any(status < 300 for status in seen)]
        self.assertGreater(len(well), len(statuses) // 2, sorted(set(statuses) - set(well)))
        self.counted()


if __name__ == "__main__":
    unittest.main()
