//! Object stores: S3 and what speaks its protocol, Google Cloud Storage, Azure Blob Storage. Credentials come from the environment.
#![allow(clippy::disallowed_methods)] // that is what the environment is asked for

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, BackoffConfig, ClientConfigKey, Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, RetryConfig,
};
use tokio::runtime::Runtime;

use crate::deploy::destination::{Bucket, Service};
use crate::deploy::headers::Headers;
use crate::deploy::problem::{self, Problem};
use crate::deploy::store::{Fault, Store};

pub struct Objects {
    store: Box<dyn ObjectStore>,
    bucket: Bucket,
    runtime: Runtime,
}

/// A request is given up after so many more tries, or so much time.
const RETRIES: usize = 4;
const RETRY_TIME: Duration = Duration::from_secs(90);

/// The largest upload, on a slow line.
const REQUEST_TIME: &str = "600 seconds";
const CONNECT_TIME: &str = "10 seconds";

impl Objects {
    /// Talks to nobody yet.
    ///
    /// # Errors
    /// The environment has no credentials, or they make no sense.
    pub fn open(bucket: &Bucket) -> Result<Self, Problem> {
        // The encryption that requests are sent with; another part of the program may have chosen the same already.
        rustls::crypto::ring::default_provider().install_default().unwrap_or_default();
        let cannot = |reason: String| {
            let fault = Fault { reason, help: credentials(bucket.service) };
            problem::store("use", &bucket.name, &address(bucket), &fault)
        };
        if bucket.service == Service::S3 && !AWS.iter().any(|name| std::env::var_os(name).is_some()) {
            return Err(cannot("there are no credentials in the environment".into()));
        }
        let store = build(bucket).map_err(|error| cannot(reason(&error)))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|error| cannot(error.to_string()))?;
        Ok(Self { store, bucket: bucket.clone(), runtime })
    }

    fn path(&self, key: &str) -> Result<Path, Fault> {
        self.parsed(key).map_err(|error| self.fault(&error))
    }

    fn parsed(&self, key: &str) -> object_store::Result<Path> {
        // `Path::from` would put percent signs into the names.
        Ok(Path::parse(format!("{}/{key}", self.bucket.prefix))?)
    }

    fn put(&self, key: &str, bytes: Vec<u8>, headers: &Headers, mode: PutMode) -> object_store::Result<()> {
        let path = self.parsed(key)?;
        let mut attributes = Attributes::new();
        attributes.insert(Attribute::ContentType, headers.content_type.to_string().into());
        attributes.insert(Attribute::CacheControl, headers.cache_control.into());
        if let Some(encoding) = headers.content_encoding {
            attributes.insert(Attribute::ContentEncoding, encoding.into());
        }
        if let Some(disposition) = headers.content_disposition {
            attributes.insert(Attribute::ContentDisposition, disposition.into());
        }
        let put = self.store.put_opts(&path, bytes.into(), PutOptions { mode, attributes, ..PutOptions::default() });
        self.runtime.block_on(put).map(drop)
    }

    fn fault(&self, error: &Error) -> Fault {
        let help = match error {
            Error::Unauthenticated { .. } | Error::PermissionDenied { .. } => credentials(self.bucket.service),
            // Without credentials of its own a Google client asks the machine that it runs on, which is none of theirs.
            error if error.to_string().contains("token request") => credentials(self.bucket.service),
            Error::NotFound { .. } => format!("check that there is a bucket `{}`, and where", self.bucket.name),
            error if element(&error.to_string(), "Code").is_some_and(|code| code.contains("Bucket") || code.contains("Container")) => {
                format!("check that there is a bucket `{}`, and where", self.bucket.name)
            }
            _ => "check the address and the network, and deploy again: what has gone up stays".to_owned(),
        };
        Fault { reason: reason(error), help }
    }
}

/// One of these must be there for S3; otherwise a client would look for the metadata service of a cloud for a minute.
const AWS: [&str; 6] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_METADATA_ENDPOINT",
    "AWS_SKIP_SIGNATURE",
];

fn credentials(service: Service) -> String {
    let variables = match service {
        Service::S3 => "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if it is not us-east-1, AWS_REGION",
        Service::Google => "GOOGLE_APPLICATION_CREDENTIALS (the file of a service account)",
        Service::Azure => "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
    };
    format!("set {variables}; `huibian help deploy` lists all variables")
}

fn address(bucket: &Bucket) -> String {
    bucket.endpoint.clone().unwrap_or_else(|| crate::deploy::Destination::Objects(bucket.clone()).to_string())
}

fn build(bucket: &Bucket) -> object_store::Result<Box<dyn ObjectStore>> {
    let backoff = BackoffConfig { init_backoff: Duration::from_millis(200), ..BackoffConfig::default() };
    let retry = RetryConfig { backoff, max_retries: RETRIES, retry_timeout: RETRY_TIME };
    let is_plain = bucket.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://"));
    let mut client = vec![(ClientConfigKey::Timeout, REQUEST_TIME), (ClientConfigKey::ConnectTimeout, CONNECT_TIME)];
    client.extend(is_plain.then_some((ClientConfigKey::AllowHttp, "true")));
    let endpoint = bucket.endpoint.as_deref();
    Ok(match bucket.service {
        Service::S3 => {
            let mut builder = AmazonS3Builder::from_env().with_bucket_name(&bucket.name).with_retry(retry).with_disable_bulk_delete(true);
            for (key, value) in client {
                builder = builder.with_config(AmazonS3ConfigKey::Client(key), value);
            }
            Box::new(endpoint.map_or(builder.clone(), |endpoint| builder.with_endpoint(endpoint)).build()?)
        }
        Service::Google => {
            let mut builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(&bucket.name).with_retry(retry);
            for (key, value) in client {
                builder = builder.with_config(GoogleConfigKey::Client(key), value);
            }
            Box::new(endpoint.map_or(builder.clone(), |endpoint| builder.with_base_url(endpoint)).build()?)
        }
        Service::Azure => {
            let mut builder = MicrosoftAzureBuilder::from_env().with_container_name(&bucket.name).with_retry(retry);
            for (key, value) in client {
                builder = builder.with_config(AzureConfigKey::Client(key), value);
            }
            Box::new(endpoint.map_or(builder.clone(), |endpoint| builder.with_endpoint(endpoint.to_owned())).build()?)
        }
    })
}

/// What the server says in its answer, or else the innermost error: those around it only repeat each other.
fn reason(error: &Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let (whole, inner) = (error.to_string(), innermost.to_string());
    if let Some(message) = element(&inner, "Message").or_else(|| element(&whole, "Message")) {
        return message.to_owned();
    }
    let whole = whole.split(" - ").next().unwrap_or(&whole).trim_end_matches(['.', ' ']).to_owned();
    if whole.contains(&inner) { whole } else { format!("{whole}: {inner}") }
}

/// The text of an element of the answer.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split_once(&format!("<{name}>"))?.1.split_once(&format!("</{name}>")).map(|(inner, _)| inner)
}

impl Store for Objects {
    fn read(&self, key: &str) -> Result<Option<Vec<u8>>, Fault> {
        let path = self.path(key)?;
        let read = async { self.store.get(&path).await?.bytes().await };
        match self.runtime.block_on(read) {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.fault(&error)),
        }
    }

    fn write(&self, key: &str, bytes: Vec<u8>, headers: &Headers) -> Result<(), Fault> {
        self.put(key, bytes, headers, PutMode::Overwrite).map_err(|error| self.fault(&error))
    }

    fn create(&self, key: &str, bytes: Vec<u8>, headers: &Headers) -> Result<bool, Fault> {
        match self.put(key, bytes.clone(), headers, PutMode::Create) {
            Ok(()) => Ok(true),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(false),
            // A store that knows no conditions: whoever looks first has it.
            Err(Error::NotImplemented { .. } | Error::NotSupported { .. }) => match self.read(key)? {
                Some(_) => Ok(false),
                None => self.write(key, bytes, headers).map(|()| true),
            },
            Err(error) => Err(self.fault(&error)),
        }
    }

    fn remove(&self, key: &str) -> Result<(), Fault> {
        let path = self.path(key)?;
        match self.runtime.block_on(self.store.delete(&path)) {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.fault(&error)),
        }
    }

    fn is_empty_but_for(&self, key: &str) -> Result<bool, Fault> {
        let prefix = Path::parse(&self.bucket.prefix).map_err(|error| self.fault(&error.into()))?;
        let but_for = self.path(key)?;
        let others = self.store.list(Some(&prefix)).try_filter(|object| std::future::ready(object.location != but_for));
        match self.runtime.block_on(std::pin::pin!(others).next()) {
            None => Ok(true),
            Some(Ok(_)) => Ok(false),
            Some(Err(error)) => Err(self.fault(&error)),
        }
    }

    fn tidy(&self) -> Result<(), Fault> {
        Ok(()) // an object is there as a whole or not at all
    }

    fn width(&self) -> usize {
        8
    }
}
