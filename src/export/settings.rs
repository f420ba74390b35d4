//! How the engines should take Chinese.

use serde_json::{Value, json};

use crate::export::Engine;

/// What an engine is told before it is given the documents; nothing for plain lines.
pub fn settings(engine: Engine) -> Option<Value> {
    match engine {
        Engine::OpenSearch(_) => Some(opensearch()),
        Engine::Meilisearch => Some(meilisearch()),
        Engine::Plain => None,
    }
}

/// Settings and mapping of an index. Every two neighbouring characters are a word (`cjk_bigram`, which every distribution has): with
/// `match_phrase` a query of two characters or more finds exactly the texts that hold it. Those who have installed `smartcn` or `ik` for
/// dictionary words change the one analyzer.
fn opensearch() -> Value {
    let chinese = json!({ "type": "text", "analyzer": "chinese" });
    let named = json!({ "type": "text", "analyzer": "chinese", "fields": { "keyword": { "type": "keyword", "ignore_above": 512 } } });
    json!({
        "settings": {
            "analysis": {
                "analyzer": {
                    "chinese": { "type": "custom", "tokenizer": "standard", "filter": ["cjk_width", "lowercase", "cjk_bigram"] }
                }
            }
        },
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "id": { "type": "keyword" },
                "type": { "type": "keyword" },
                "report": { "type": "keyword" },
                "title": named,
                "heading": named,
                "text": chinese,
                "year": { "type": "integer" },
                "date": { "type": "date", "format": "yyyy-MM-dd||yyyy-MM||yyyy" },
                "level": { "type": "keyword" },
                "kind": { "type": "keyword" },
                "region": { "type": "keyword" },
                "region_path": { "type": "keyword" },
                "region_codes": { "type": "keyword" },
                "themes": { "type": "keyword" },
                "url": { "type": "keyword", "index": false, "doc_values": false }
            }
        }
    })
}

/// The settings of an index. `cmn`: Meilisearch would take short Chinese texts for Japanese otherwise.
fn meilisearch() -> Value {
    json!({
        "searchableAttributes": ["title", "heading", "text"],
        "filterableAttributes": ["type", "report", "year", "level", "kind", "region", "region_path", "region_codes", "themes"],
        "sortableAttributes": ["year", "date"],
        "localizedAttributes": [{ "attributePatterns": ["*"], "locales": ["cmn"] }],
        "distinctAttribute": "report",
        "pagination": { "maxTotalHits": 100_000 }
    })
}
