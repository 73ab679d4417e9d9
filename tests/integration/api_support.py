"""What the tests of the API share: every answer is checked against daemon/http/openapi.yaml, with Debian's python3-jsonschema and
python3-yaml where they are installed."""
import os
import re

from support import ROOT
from web_support import Client, WebCase

try:
    import jsonschema
    import yaml
except ImportError:
    jsonschema = None

BASE = "/api/v1"


class Contract:
    """openapi.yaml, asked about one answer at a time."""

    def __init__(self):
        self.seen = set()
        if not jsonschema:
            return
        with open(os.path.join(ROOT, "daemon", "http", "openapi.yaml"), encoding="utf-8") as source:
            self.document = yaml.load(source, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.paths = [(re.compile("^" + re.sub(r"\\{(\w+)\\}", r"[^/]+", re.escape(path)) + "$"), path)
            for path in sorted(self.document["paths"], key=lambda p: p.count("{"))]
        self.checkers = {}

    def operation(self, method, path):
        for pattern, name in self.paths:
            if pattern.match(path) and method.lower() in self.document["paths"][name]:
                return name, self.document["paths"][name][method.lower()]
        return None, None

    def resolve(self, thing):
        while "$ref" in thing:
            found = self.document
            for part in thing["$ref"][2:].split("/"):
                found = found[part]
            thing = found
        return thing

    def check(self, method, path, answer):
        """Raises where the answer is not what the document says."""
        if not jsonschema:
            return
        path = path.split("?")[0]
        if not path.startswith(BASE):
            return
        name, operation = self.operation(method, path[len(BASE):])
        if operation is None:
            assert answer.status in (404, 405), "%s %s is not in openapi.yaml" % (method, path)
            return
        self.seen.add((method, name))
        status = str(answer.status)
        said = self.resolve(operation["responses"].get(status) or operation["responses"]["default"])
        assert status in operation["responses"] or answer.status >= 400, "%s %s answers %s, which is not described" % (method, name, status)
        content = said.get("content")
        if not content or answer.status == 304:
            assert not answer.body, "%s %s: a body where none is described" % (method, name)
            return
        kind = answer.headers.get("Content-Type", "").split(";")[0]
        assert kind in content, "%s %s: %s instead of %s" % (method, name, kind, list(content))
        if kind.endswith("json"):
            self.checker((name, method, status, kind), content[kind]["schema"]).validate(answer.json)

    def checker(self, key, schema):
        if key not in self.checkers:
            root = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": self.document["components"], "allOf": [schema]}
            self.checkers[key] = jsonschema.Draft202012Validator(root)
        return self.checkers[key]


CONTRACT = Contract()


class CheckedClient(Client):
    def ask(self, method, path, *more, **named):
        answer = super().ask(method, path, *more, **named)
        CONTRACT.check(method, path, answer)
        return answer

    def put(self, path, body=None, **more):
        return self.ask("PUT", path, body, **more)

    def patch(self, path, body=None, **more):
        return self.ask("PATCH", path, body, **more)

    def delete(self, path, **more):
        return self.ask("DELETE", path, **more)


class ApiCase(WebCase):
    """Users are CheckedClients; pages' counts have been made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for client in cls.users.values():
            client.__class__ = CheckedClient
        cls.counted()

    @classmethod
    def counted(cls):
        """Waits until the counts of the pages are of now."""
        cls.eventually(lambda: cls.value("SELECT count(*) FROM padan.jobs WHERE state IN ('ready', 'running')") == "0"
            and cls.value("SELECT m.stamp = padan.web_stamp(1505) FROM padan.web_made m WHERE m.district = 1505") == "t",
            what="the counts being made")

    def ok(self, client, path, status=200):
        answer = client.get(BASE + path)
        self.assertEqual(answer.status, status, self.why(answer))
        return answer.json

    @classmethod
    def why(cls, answer):
        return "%s\n%s" % (answer.body[:2000].decode(errors='replace'), cls.said()[-1500:] if answer.status >= 500 else "")

    def send(self, client, method, path, body=None, status=200, **more):
        answer = client.ask(method, BASE + path, {} if body is None and method != "DELETE" else body, **more)
        self.assertEqual(answer.status, status, self.why(answer))
        return answer.json if answer.body else None

    def absent(self, client, *paths):
        """Each of these looks the same as the others: not there."""
        said = set()
        for path in paths:
            answer = client.get(BASE + path)
            said.add((answer.status, answer.body))
        self.assertEqual(len(said), 1, said)
        self.assertEqual(said.pop()[0], 404)
