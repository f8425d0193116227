use std::path::PathBuf;

/// What the store says no with: what happened, what was kept, what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no workspace in the folder.
    #[error(
        "There is no Kontor workspace in {0}. Start Kontor to make one, or choose another folder with --workspace."
    )]
    Missing(PathBuf),
    /// A passphrase is needed.
    #[error("The workspace is protected by a passphrase. Enter it to open the workspace.")]
    Locked,
    /// The passphrase does not open it.
    #[error("The passphrase is wrong. Nothing was changed; try again.")]
    PassphraseWrong,
    /// The keyring that holds the key does not give it.
    #[error(
        "The key of this workspace is in the system's keyring, which did not answer ({0}). Unlock the keyring and try again; nothing was changed."
    )]
    KeyringUnavailable(String),
    /// The key file cannot be read.
    #[error(
        "The key file {0} is damaged. The database was not touched; restore the key file or a backup."
    )]
    KeyDamaged(PathBuf),
    /// The file is no Kontor database or is opened by another key.
    #[error(
        "{0} is not a Kontor database of this workspace, or it is damaged at its beginning. It was not touched; restore a backup."
    )]
    Foreign(PathBuf),
    /// Pages of the database are damaged.
    #[error("The database is damaged ({0}). It was not changed; restore a backup.")]
    Damaged(String),
    /// The database is from a newer Kontor.
    #[error(
        "The database has schema {found}, and this Kontor knows schemas up to {known}. Nothing was changed; install the newer Kontor."
    )]
    Newer {
        /// The database's schema.
        found: i64,
        /// The newest that this binary knows.
        known: i64,
    },
    /// No space left.
    #[error(
        "The disk is full. The last action was not saved, everything before it was; free some space and try again."
    )]
    DiskFull,
    /// The folder or file cannot be written.
    #[error(
        "{0} cannot be written. Nothing was changed; make the folder writable or choose another."
    )]
    ReadOnly(PathBuf),
    /// The workspace exists already.
    #[error("There is a workspace in {0} already. It was not touched.")]
    Exists(PathBuf),
    /// Another process is writing for too long.
    #[error(
        "Another Kontor is writing to this workspace. Nothing was changed; try again when it is done."
    )]
    Busy,
    /// The record is not there.
    #[error("The {entity} is not there any more.")]
    NotFound {
        /// Which kind.
        entity: String,
    },
    /// The record changed since it was read.
    #[error(
        "The {entity} was changed meanwhile ({field}). Nothing was overwritten; look at it and try again."
    )]
    Stale {
        /// Which kind.
        entity: String,
        /// Which field.
        field: String,
    },
    /// There is nothing to undo or redo.
    #[error("There is nothing to take back.")]
    NothingToUndo,
    /// The backup file is no backup.
    #[error("{0} is not a Kontor backup. Nothing was changed.")]
    NotABackup(PathBuf),
    /// The user stopped it.
    #[error("It was stopped; nothing of it was kept.")]
    Stopped,
    /// A value that the database does not take.
    #[error("The database does not take this value ({0}). Nothing was changed.")]
    Constraint(String),
    /// Anything else of SQLite.
    #[error("The database could not do it ({0}). Nothing was changed.")]
    Sqlite(rusqlite::Error),
    /// Anything else of the file system.
    #[error("{path}: {source}. Nothing was changed.")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The system gave no random numbers, or the key could not be derived.
    #[error("A key could not be made ({0}). Nothing was changed.")]
    Crypto(String),
}

/// What the store answers.
pub type Result<T> = std::result::Result<T, StoreError>;

impl StoreError {
    /// A stable code, kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "workspace-missing",
            Self::Locked => "workspace-locked",
            Self::PassphraseWrong => "passphrase-wrong",
            Self::KeyringUnavailable(_) => "keyring-unavailable",
            Self::KeyDamaged(_) => "key-damaged",
            Self::Foreign(_) => "database-foreign",
            Self::Damaged(_) => "database-damaged",
            Self::Newer { .. } => "database-newer",
            Self::DiskFull => "disk-full",
            Self::ReadOnly(_) => "read-only",
            Self::Exists(_) => "workspace-exists",
            Self::Busy => "workspace-busy",
            Self::NotFound { .. } => "not-found",
            Self::Stale { .. } => "stale",
            Self::NothingToUndo => "nothing-to-undo",
            Self::NotABackup(_) => "not-a-backup",
            Self::Stopped => "stopped",
            Self::Constraint(_) => "constraint",
            Self::Sqlite(_) => "database",
            Self::Io { .. } => "file",
            Self::Crypto(_) => "crypto",
        }
    }

    /// The same, about this file.
    pub(crate) fn with_path(self, path: &std::path::Path) -> Self {
        match self {
            Self::ReadOnly(_) => Self::ReadOnly(path.into()),
            Self::Foreign(_) => Self::Foreign(path.into()),
            other => other,
        }
    }

    /// An I/O error with its file, told apart by what to do about it.
    pub(crate) fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem, StorageFull};
        let path = path.into();
        match source.kind() {
            StorageFull => Self::DiskFull,
            PermissionDenied | ReadOnlyFilesystem => Self::ReadOnly(path),
            _ => Self::Io { path, source },
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let message = error.to_string();
        let extended = error.sqlite_error().map(|error| error.extended_code);
        if extended == Some(rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY) {
            return Self::NotFound { entity: "record that it refers to".into() };
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly("The database".into())
            }
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged(message),
            Some(ErrorCode::NotADatabase) => Self::Foreign("The database".into()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::ConstraintViolation) => Self::Constraint(message),
            Some(ErrorCode::OperationInterrupted) => Self::Stopped,
            _ => Self::Sqlite(error),
        }
    }
}

impl From<StoreError> for commands::Failure {
    fn from(error: StoreError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}
