//! Whoever connects says something. Until it is known which HTTP a connection speaks, the server
//! underneath would wait for ever.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum_server::accept::Accept;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// How HTTP/2 begins. What begins otherwise is HTTP/1, whose head has a time of its own.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Accepts connections that begin to speak before long.
#[derive(Clone)]
pub(super) struct Begun<A> {
    accepts: A,
    silence: Duration,
}

impl<A> Begun<A> {
    pub(super) fn new(accepts: A, silence: Duration) -> Self {
        Self { accepts, silence }
    }
}

type Accepting<I, S> = Pin<Box<dyn Future<Output = io::Result<(I, S)>> + Send>>;

impl<A, I, S> Accept<I, S> for Begun<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = Beginning<A::Stream>;
    type Service = A::Service;
    type Future = Accepting<Self::Stream, Self::Service>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let (accepting, silence) = (self.accepts.accept(stream, service), self.silence);
        Box::pin(async move {
            let (stream, service) = accepting.await?;
            Ok((Beginning { stream, waits: Some((Box::pin(sleep(silence)), 0)) }, service))
        })
    }
}

/// A connection that ends by itself unless it begins.
pub(super) struct Beginning<S> {
    stream: S,
    /// Until it is known what it speaks: how long yet, and how much of the preface came.
    waits: Option<(Pin<Box<Sleep>>, usize)>,
}

/// How much of the preface is there with what came, while that may still become one.
fn undecided(there: usize, came: &[u8]) -> Option<usize> {
    let expected = PREFACE.get(there..)?;
    (expected.len() > came.len() && expected.starts_with(came)).then_some(there + came.len())
}

impl<S: AsyncRead + Unpin> AsyncRead for Beginning<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if let Some((until, there)) = &mut this.waits {
            if read.is_ready() {
                let came = buffer.filled().get(before..).unwrap_or_default();
                match undecided(*there, came) {
                    Some(now) => *there = now,
                    None => this.waits = None,
                }
            } else if until.as_mut().poll(context).is_ready() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Beginning<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_preface_is_known_at_once() {
        assert_eq!(undecided(0, b""), Some(0));
        assert_eq!(undecided(0, b"P"), Some(1));
        assert_eq!(undecided(1, b"RI * "), Some(6));
        assert_eq!(undecided(0, b"POST "), None);
        assert_eq!(undecided(0, b"GET / HTTP/1.1\r\n\r\n"), None);
        assert_eq!(undecided(0, PREFACE), None);
    }
}
