"""A database as a source: increments, late commits, revisions, faults; against a real server."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))
from conftest import Place
from postgres_server import PASSWORD, WRITTEN, Server, started

SECRETS = (PASSWORD, WRITTEN, "not-the-password")
SOURCE: dict[str, Any] = {
    "connection": "SHOP_DB",
    "table": "shop.decisions",
    "watermark": "updated_at",
}
TABLE = """CREATE TABLE shop.decisions (decision_id text, decided_at timestamptz, decision text,
    region text, updated_at timestamptz)"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return a running server."""
    yield from started()


def rows(first: int, last: int, minute: str = "i", decision: str = "no") -> str:
    return f"""INSERT INTO shop.decisions SELECT 'case-' || i,
        timestamptz '2026-03-02' + i * interval '1 minute', '{decision}', 'north',
        timestamptz '2026-03-02' + ({minute}) * interval '1 minute'
        FROM generate_series({first}, {last}) i"""


class Shop:
    """A study whose decisions come from a table."""

    def __init__(self, place: Place, server: Server) -> None:
        self.place, self.server = place, server

    def source(self, **changes: Any) -> None:
        """Write the study with its source changed; `source_` keys are the source's own."""
        study = yaml.safe_load((self.place.root / "study.yaml").read_text())
        table = {k: v for k, v in {**SOURCE, **changes}.items() if v is not None}
        own = {k.removeprefix("source_"): table.pop(k) for k in list(table) if "source_" in k}
        study["streams"]["decisions"]["sources"] = [{"postgres": table, **own}]
        (self.place.root / "study.yaml").write_text(yaml.safe_dump(study, sort_keys=False))

    def ingest(self, *words: str, check: int = 0) -> str:
        """Ingest, see that no secret is told, and return all that was said."""
        done = self.place.understudy("ingest", *words, check=check)
        said = done.stdout + done.stderr
        assert not [secret for secret in SECRETS if secret in said], said
        return said

    def stored(self) -> list[tuple[Any, ...]]:
        """Return the decisions in the warehouse."""
        return self.place.query("SELECT decision_id, decision FROM decisions ORDER BY ALL")

    def readings(self) -> list[tuple[Any, ...]]:
        """Return path, state and rows read of every reading."""
        return self.place.query(
            "SELECT path, state, read FROM sources WHERE stream = 'decisions' ORDER BY source_no"
        )


@pytest.fixture
def shop(server: Server, make_place: Callable[..., Place]) -> Shop:
    """Return a study that reads 100 decisions, a minute apart, from a new table."""
    place = make_place(days=0)
    (place.root / "data").mkdir()
    server.execute("DROP SCHEMA IF EXISTS shop CASCADE", "CREATE SCHEMA shop", TABLE, rows(1, 100))
    made = Shop(place, server)
    made.source()
    place.environment["SHOP_DB"] = server.address()
    return made


def test_the_first_load_and_an_increment(shop: Shop) -> None:
    assert "Read 1 of 1" in shop.ingest()
    assert len(shop.stored()) == 100
    assert shop.readings() == [
        ("postgres:SHOP_DB shop.decisions up to 2026-03-02T01:40:00Z", "ingested", 100)
    ]
    assert "Nothing new" in shop.ingest()
    assert len(shop.readings()) == 1
    shop.server.execute(rows(101, 150))
    shop.ingest()
    assert len(shop.stored()) == 150
    # ten minutes of overlap are read again: (90, 150]
    assert shop.readings()[1][2] == 60
    counts = shop.place.query("SELECT terms FROM books WHERE rule LIKE 'accepted = new%'")
    assert any('"duplicate": 10' in terms for (terms,) in counts)
    assert shop.place.query("SELECT DISTINCT source FROM sources") == [
        ("postgres:SHOP_DB shop.decisions",)
    ]


def test_a_late_commit_inside_the_overlap_is_read(shop: Shop) -> None:
    shop.ingest()
    shop.server.execute(rows(500, 500, minute="95"))
    shop.ingest()
    assert len(shop.stored()) == 101
    assert "Nothing new" in shop.ingest()
    shop.server.execute(rows(501, 501, minute="50"))
    assert "Nothing new" in shop.ingest()  # before the overlap, as the page says
    shop.ingest("--rebuild")
    assert len(shop.stored()) == 102


def test_an_update_is_a_revision(shop: Shop) -> None:
    shop.ingest()
    shop.server.execute(
        "UPDATE shop.decisions SET decision = 'yes',"
        " updated_at = updated_at + interval '1 day' WHERE decision_id = 'case-7'"
    )
    shop.ingest()
    assert ("case-7", "yes") in shop.stored()
    assert len(shop.stored()) == 100
    assert shop.place.query("SELECT decision FROM decisions_history") == [("no",)]


def test_an_update_in_the_overlap_that_leaves_the_watermark_is_seen(shop: Shop) -> None:
    shop.ingest()
    shop.server.execute("UPDATE shop.decisions SET decision = 'yes' WHERE decision_id = 'case-95'")
    shop.ingest()
    assert ("case-95", "yes") in shop.stored()


@pytest.mark.parametrize("partitions", [1, 3, 64])
def test_partitions_give_the_same_rows(shop: Shop, partitions: int) -> None:
    shop.server.execute(rows(1001, 3000, minute="i * i % 977"), rows(5000, 9000, minute="5000"))
    expected = shop.server.execute("SELECT decision_id, decision FROM shop.decisions")
    shop.source(partitions=partitions)
    shop.ingest()
    assert shop.stored() == sorted(expected)


@pytest.mark.parametrize(
    ("kind", "cast", "more"),
    [
        ("timestamp", "updated_at AT TIME ZONE 'UTC'", {}),
        ("date", "updated_at::date", {}),
        ("bigint", "extract(epoch FROM updated_at)::bigint / 60", {"overlap_values": 10}),
        ("smallint", "(extract(epoch FROM updated_at) / 60 - 29540000)::smallint", {}),
    ],
)
def test_watermarks_of_every_kind(shop: Shop, kind: str, cast: str, more: Any) -> None:
    shop.server.execute(rows(101, 4000), "ALTER TABLE shop.decisions ADD mark bigint")
    shop.server.execute(
        f"ALTER TABLE shop.decisions ALTER mark TYPE {kind} USING NULL",
        f"UPDATE shop.decisions SET mark = {cast}"
        if kind != "smallint"
        else "UPDATE shop.decisions SET mark = right(decision_id, -5)::smallint",
    )
    shop.source(watermark="mark", **more)
    shop.ingest()
    assert len(shop.stored()) == 4000
    assert "Nothing new" in shop.ingest()
    late = {"date": "'2026-03-04'", "timestamp": "'2026-03-04 18:40'", "smallint": "4000"}
    shop.server.execute(
        rows(9000, 9000, minute="4000"),
        f"UPDATE shop.decisions SET mark = {late.get(kind, '29544161')}"
        " WHERE decision_id = 'case-9000'",
    )
    shop.ingest()
    assert len(shop.stored()) == 4001


def test_rows_without_a_watermark_are_read_and_named(shop: Shop) -> None:
    shop.server.execute(
        rows(201, 203),
        rows(300, 301),
        "UPDATE shop.decisions SET updated_at = NULL WHERE decision_id >= 'case-201'"
        " AND decision_id < 'case-204' AND length(decision_id) = 8",
        "UPDATE shop.decisions SET updated_at = 'infinity' WHERE decision_id = 'case-300'",
    )
    said = shop.ingest()
    assert "4 rows have no watermark" in said
    assert len(shop.stored()) == 105
    assert "Nothing new" in shop.ingest()
    shop.server.execute(
        rows(204, 204), "UPDATE shop.decisions SET updated_at = NULL WHERE decision_id = 'case-204'"
    )
    shop.ingest()
    assert len(shop.stored()) == 106


def test_a_query_and_odd_names(shop: Shop) -> None:
    shop.server.execute(
        'CREATE TABLE shop."Odd. table" ("the "" id" text, "decided at; --" timestamptz,'
        ' decision text, region text, "W" int)',
        """INSERT INTO shop."Odd. table" VALUES ('a', '2026-03-02', 'no', 'x', 1)""",
    )
    study = yaml.safe_load((shop.place.root / "study.yaml").read_text())
    columns = study["streams"]["decisions"]["columns"]
    columns |= {"decision_id": 'the " id', "decided_at": "decided at; --"}
    (shop.place.root / "study.yaml").write_text(yaml.safe_dump(study, sort_keys=False))
    shop.source(table='shop."Odd. table"', watermark="W")
    shop.ingest()
    assert shop.stored() == [("a", "no")]
    shop.source(
        table=None,
        watermark="W",
        source_name="odd ones",
        query="""SELECT 'b' AS "the "" id", "decided at; --", decision, region, "W"
                FROM shop."Odd. table" -- note""",
    )
    shop.ingest()
    assert shop.stored() == [("a", "no"), ("b", "no")]
    assert shop.readings()[-1][0] == "postgres:SHOP_DB odd ones up to 1"


def test_types_come_as_a_reader_expects_them(shop: Shop, monkeypatch: Any) -> None:
    from data_contracts.study.database import PostgresTable
    from pipelines.sources.postgres_range import frozen_range
    from pipelines.sources.postgres_rows import OpenTable
    from pipelines.sources.source import WHOLE_FILE

    monkeypatch.setenv("SHOP_DB", shop.server.address())
    shop.server.execute(
        "CREATE TYPE shop.mood AS ENUM ('fine')",
        """CREATE TABLE shop.kinds AS SELECT 1::smallint AS w, 12.50::numeric(10,2) AS n,
        'NaN'::numeric AS nan, true AS b, 'infinity'::timestamptz AS inf,
        timestamptz '2026-01-01 10:00+02' AS moment, timestamp '2026-01-01 10:00' AS local,
        date '2026-01-01' AS day, 'infinity'::date AS endless,
        '6f1e3c1e-0000-4000-8000-000000000001'::uuid AS u, '{"a": [1]}'::jsonb AS j,
        ARRAY[1,NULL] AS arr, ARRAY['x','"y'] AS texts, 'fine'::shop.mood AS e,
        '\\x00ff'::bytea AS raw, interval '1 day' AS span, time '10:00' AS t, 'ab'::char(4) AS c,
        1.5::real AS f, '10.0.0.1'::inet AS ip, 12.5::money AS m,
        NULL::text AS nothing, 'süß'::text AS s, 2::bigint AS big""",
        "INSERT INTO shop.kinds (w) VALUES (2)",
    )
    table = PostgresTable(connection="SHOP_DB", table="shop.kinds", watermark="w", partitions=1)
    with frozen_range(table, "it", None) as found:
        assert found is not None
        opened = OpenTable(found, WHOLE_FILE)
        (slab,) = opened.slabs(opened.columns)
        (none,) = opened.slabs([])
    assert none.rows.num_rows == 2
    first, second = slab.rows.to_pylist()
    assert {key for key, value in second.items() if value is not None} == {"w"}
    shown = {key: str(value) for key, value in first.items()}
    assert shown == {
        "w": "1",
        "n": "12.50",
        "nan": "NaN",
        "b": "True",
        "inf": "infinity",
        "moment": "2026-01-01 08:00:00+00:00",
        "local": "2026-01-01 10:00:00",
        "day": "2026-01-01",
        "endless": "infinity",
        "u": "6f1e3c1e-0000-4000-8000-000000000001",
        "j": '{"a": [1]}',
        "arr": "[1,null]",
        "texts": '["x","\\"y"]',
        "e": "fine",
        "raw": "00ff",
        "span": "1 day",
        "t": "10:00:00",
        "c": "ab",
        "f": "1.5",
        "ip": "10.0.0.1/32",
        "m": "$12.50",
        "nothing": "None",
        "s": "süß",
        "big": "2",
    }


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"table": "shop.nothing"}, ["no such table", "shop.nothing"]),
        ({"table": "nowhere.decisions"}, ["no such table"]),
        ({"table": "a..b"}, ["name `a..b`"]),
        ({"watermark": "update_at"}, ["no column `update_at`", 'did you mean "updated_at"']),
        ({"watermark": "decision"}, ["type text", "a timestamp, a date or a whole number"]),
        (
            {"table": None, "query": "SELECT nope FROM shop.decisions", "source_name": "q"},
            ["no such column", "nope"],
        ),
        ({"table": None, "query": "SELEC 1", "source_name": "q"}, ["a query with a mistake"]),
        (
            {"table": None, "query": "DELETE FROM shop.decisions RETURNING *", "source_name": "q"},
            ["a query with a mistake"],
        ),
        (
            {
                "table": None,
                "query": "SELECT 1) x; DROP TABLE shop.decisions; SELECT * FROM (SELECT 1",
                "source_name": "q",
            },
            ["a query with a mistake"],
        ),
        (
            {"table": None, "query": "SELECT 1 AS a, 2 AS a", "source_name": "q"},
            ["two columns named `a`"],
        ),
    ],
)
def test_faults_of_the_study_are_told(shop: Shop, setting: Any, said: list[str]) -> None:
    shop.source(**setting)
    told = shop.ingest(check=1)
    assert all(word in told for word in said), told
    assert shop.server.execute("SELECT count(*) FROM shop.decisions") == [(100,)]
    shop.source()
    shop.ingest()
    assert len(shop.stored()) == 100
    assert shop.place.query(
        "SELECT count(*) FROM sources ANTI JOIN withdrawals USING (source_no)"
        " WHERE state = 'refused'"
    ) == [(0,)]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"password": "not-the-password"}, "a user or password that the server does not take"),
        ({"user": "nobody"}, "a user or password that the server does not take"),
        ({"base": "nothing"}, "no such database"),
    ],
)
def test_faults_of_the_login_are_told(shop: Shop, address: Any, said: str) -> None:
    shop.place.environment["SHOP_DB"] = shop.server.address(**address)
    assert said in shop.ingest(check=1)


def test_a_server_that_is_not_there_is_told(shop: Shop) -> None:
    shop.ingest()
    shop.place.environment["SHOP_DB"] = f"postgresql://owner:{WRITTEN}@127.0.0.1:9/postgres"
    assert "no server that answers" in shop.ingest(check=1)
    assert len(shop.stored()) == 100
    shop.place.environment["SHOP_DB"] = shop.server.address()
    assert "Nothing new" in shop.ingest()  # and nothing waits to be mended any more


@pytest.mark.parametrize("address", [None, "", "host=x password=not-the-password", "postgresql:/x"])
def test_an_address_that_is_none_ends_the_run(shop: Shop, address: str | None) -> None:
    shop.place.environment.pop("SHOP_DB")
    if address is not None:
        shop.place.environment["SHOP_DB"] = address
    told = shop.ingest(check=1)
    assert "environment variable" in told
    assert "SHOP_DB" in told


def test_a_table_that_may_not_be_read_is_told(shop: Shop) -> None:
    shop.server.execute(
        "DROP ROLE IF EXISTS guest", f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'"
    )
    shop.place.environment["SHOP_DB"] = shop.server.address("guest")
    assert "may not read" in shop.ingest(check=1)
    shop.server.execute("GRANT USAGE ON SCHEMA shop TO guest")
    assert "GRANT SELECT" in shop.ingest(check=1)
    shop.server.execute("GRANT SELECT ON shop.decisions TO guest")
    shop.ingest()
    assert len(shop.stored()) == 100


def test_a_table_that_was_set_back_is_refused(shop: Shop) -> None:
    shop.ingest()
    shop.server.execute("DELETE FROM shop.decisions WHERE updated_at > '2026-03-02 00:30+00'")
    assert "ends at" in shop.ingest(check=1)
    shop.ingest("--rebuild")
    assert len(shop.stored()) == 30


def test_the_server_dies_in_the_middle(shop: Shop, monkeypatch: Any) -> None:
    from data_contracts.study.database import PostgresTable
    from pipelines.sources.postgres_range import frozen_range
    from pipelines.sources.postgres_rows import OpenTable
    from pipelines.sources.refusal import FileRefused
    from pipelines.sources.source import WHOLE_FILE

    monkeypatch.setenv("SHOP_DB", shop.server.address())
    shop.server.execute(rows(1000, 300_000))
    query = "SELECT decision_id, repeat('x', 500) AS region, updated_at FROM shop.decisions"
    table = PostgresTable(**{**SOURCE, "table": None, "query": query, "partitions": 1})
    with frozen_range(table, "the table", None) as found:
        assert found is not None
        slabs = OpenTable(found, WHOLE_FILE).slabs(["decision_id", "region"])
        next(slabs)
        shop.server.stop("immediate")
        try:
            with pytest.raises(FileRefused, match="a connection that was lost"):
                list(slabs)
        finally:
            shop.server.start()


def test_a_run_whose_connection_is_lost_keeps_nothing_of_the_table(shop: Shop) -> None:
    shop.ingest()
    # The second partition's rows end the connection that reads them.
    shop.server.execute(
        rows(101, 4000),
        "CREATE FUNCTION shop.fall(t text) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT CASE"
        " WHEN t = 'case-3990' AND current_setting('application_name') = 'understudy'"
        " THEN pg_terminate_backend(pg_backend_pid())::text || t ELSE t END $$",
        "CREATE VIEW shop.falling AS SELECT shop.fall(decision_id) AS decision_id, decided_at,"
        " decision, region, updated_at FROM shop.decisions",
    )
    shop.source(table="shop.falling")
    said = shop.ingest(check=1)
    assert "a connection that was lost" in said
    assert len(shop.stored()) == 100
    shop.source()
    shop.ingest()
    assert len(shop.stored()) == 4000


def test_no_secret_is_written_anywhere(shop: Shop) -> None:
    shop.ingest()
    shop.place.understudy("evaluate", check=None)
    for path in shop.place.root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [s for s in SECRETS if s.encode() in content], path


def test_all_partitions_see_one_moment(shop: Shop, monkeypatch: Any) -> None:
    from data_contracts.study.database import PostgresTable
    from pipelines.sources.postgres_range import frozen_range
    from pipelines.sources.postgres_rows import OpenTable
    from pipelines.sources.source import WHOLE_FILE

    monkeypatch.setenv("SHOP_DB", shop.server.address())
    with frozen_range(PostgresTable(**SOURCE), "it", None) as found:
        assert found is not None
        shop.server.execute(
            rows(700, 800, minute="50"), "DELETE FROM shop.decisions WHERE decision_id = 'case-1'"
        )
        slabs = list(OpenTable(found, WHOLE_FILE).slabs(["decision_id"]))
    assert sum(slab.rows.num_rows for slab in slabs) == 100
    numbers = [(slab.numbers, slab.rows.num_rows) for slab in slabs]
    assert len(numbers) == 4
    assert [n for n, _ in numbers] == [1 + sum(r for _, r in numbers[:i]) for i in range(4)]


def test_check_looks_at_the_first_rows(shop: Shop) -> None:
    shop.place.write_day(0)
    assert "decisions: 1 table" in shop.place.understudy("check").stdout
    shop.server.execute("UPDATE shop.decisions SET decision = 'perhaps'")
    assert "would go to quarantine" in shop.place.understudy("check", check=1).stderr
