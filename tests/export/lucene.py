"""Lucene, the engine inside OpenSearch and Elasticsearch, with an index as those make it from a mapping and a bulk.

Needs Java, Lucene's jars (Debian: liblucene8-java) and the package `jpype1`; what is missing is named by `Missing`.
"""

import glob


class Missing(Exception):
    """What would have to be installed."""


def load(mapping, bulk):
    """An index with the documents of a bulk: actions and documents by turns."""
    jars = [jar for part in ("core", "analyzers-common") for jar in sorted(glob.glob(f"/usr/share/java/lucene-{part}-*.jar"))[-1:]]
    if len(jars) < 2:
        raise Missing("the jars of Lucene (Debian: liblucene8-java)")
    try:
        import jpype
    except ImportError:
        raise Missing("the package jpype1") from None
    try:
        jpype.startJVM("-Xmx512m", "-XX:TieredStopAtLevel=1", classpath=jars)
    except jpype.JVMNotFoundException:
        raise Missing("Java") from None
    return Index(jpype.JPackage("org").apache.lucene, jpype.JClass("java.util.HashMap"), mapping, bulk)


class Index:
    def __init__(self, lucene, new_map, mapping, bulk):
        self.lucene, self.fields = lucene, mapping["mappings"]["properties"]
        analyzers = {name: self.analyzer(parts) for name, parts in mapping["settings"]["analysis"]["analyzer"].items()}
        of_fields = {name: analyzers[field["analyzer"]] for name, field in self.fields.items() if field["type"] == "text"}
        keyword = lucene.analysis.core.KeywordAnalyzer()
        self.chosen = lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper(keyword, new_map(of_fields))
        directory = lucene.store.ByteBuffersDirectory()
        writer = lucene.index.IndexWriter(directory, lucene.index.IndexWriterConfig(self.chosen))
        for action, values in zip(bulk[::2], bulk[1::2], strict=True):
            name = action["index"]["_id"]
            # A document that has the id already gives way, as the action `index` says.
            writer.updateDocument(lucene.index.Term("_id", name), self.document(name, values))
        writer.close()
        self.searcher = lucene.search.IndexSearcher(lucene.index.DirectoryReader.open(directory))

    def analyzer(self, parts):
        builder = self.lucene.analysis.custom.CustomAnalyzer.builder().withTokenizer(parts["tokenizer"])
        for name in parts.get("filter", []):
            builder = builder.addTokenFilter(name.replace("_", ""))  # Lucene writes cjkBigram
        return builder.build()

    def document(self, name, values):
        document = self.lucene.document.Document()
        self.add(document, "_id", {"type": "keyword"}, name)
        for field, value in values.items():
            if field not in self.fields:
                raise ValueError(f"the mapping is strict and has no field `{field}`")
            for one in value if isinstance(value, list) else [value]:
                self.add(document, field, self.fields[field], one)
        return document

    def add(self, document, field, mapping, value):
        made, no = self.lucene.document, self.lucene.document.Field.Store.NO
        if mapping["type"] == "text":
            document.add(made.TextField(field, value, no))
        elif mapping["type"] == "integer":
            document.add(made.IntPoint(field, [value]))
        elif mapping.get("index", True) and len(value) <= mapping.get("ignore_above", len(value)):
            document.add(made.StringField(field, value, no))
        for name, inner in mapping.get("fields", {}).items():
            self.add(document, f"{field}.{name}", inner, value)

    def count(self, *queries):
        """How many documents match all of them."""
        builder = self.lucene.search.BooleanQuery.Builder()
        for query in queries:
            builder.add(query, self.lucene.search.BooleanClause.Occur.MUST)
        return int(self.searcher.count(builder.build()))

    def term(self, field, value):
        return self.lucene.search.TermQuery(self.lucene.index.Term(field, value))

    def between(self, field, least, most):
        return self.lucene.document.IntPoint.newRangeQuery(field, least, most)

    def phrase(self, text, *fields):
        """`multi_match` of type `phrase`: in one of the fields, word after word as its analyzer cuts them."""
        builder = self.lucene.search.BooleanQuery.Builder()
        for field in fields:
            query = self.lucene.util.QueryBuilder(self.chosen).createPhraseQuery(field, text)
            builder.add(query, self.lucene.search.BooleanClause.Occur.SHOULD)
        return builder.build()
