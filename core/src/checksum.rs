//! CRC-32, as everywhere else it is called so. In WebAssembly by a table of one kilobyte: sixteen gain little there and stay sixteen when compressed.

#[cfg(not(target_family = "wasm"))]
pub(crate) use crc32fast::{Hasher, hash};
#[cfg(target_family = "wasm")]
pub(crate) use small::{Hasher, hash};

#[cfg(target_family = "wasm")]
mod small {
    use crc::{CRC_32_ISO_HDLC, Crc, Digest, Table};

    static CRC32: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISO_HDLC);

    /// A checksum under construction.
    #[derive(Clone)]
    pub(crate) struct Hasher(Digest<'static, u32, Table<1>>);

    impl Hasher {
        pub(crate) fn new() -> Self {
            Self(CRC32.digest())
        }

        pub(crate) fn update(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }

        pub(crate) fn finalize(self) -> u32 {
            self.0.finalize()
        }
    }

    pub(crate) fn hash(bytes: &[u8]) -> u32 {
        CRC32.checksum(bytes)
    }
}
