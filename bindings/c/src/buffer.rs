//! Bytes that the library made and the caller frees.

use std::alloc::Layout;

/// Bytes that the library made: JSON as UTF-8, or a batch. `data` is NULL where
/// there are none. A zero byte that `len` does not count stands behind the last
/// one, so that JSON can be used as a C string. Give it to `silt_free`, once.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SiltBuffer {
    pub data: *mut u8,
    pub len: usize,
}

impl SiltBuffer {
    pub(crate) const EMPTY: SiltBuffer = SiltBuffer {
        data: std::ptr::null_mut(),
        len: 0,
    };

    pub(crate) fn of(bytes: impl Into<Vec<u8>>) -> SiltBuffer {
        let mut bytes = bytes.into();
        let len = bytes.len();
        bytes.reserve_exact(1);
        bytes.push(0);
        // `silt_free` derives the size of the allocation from `len`. A batch has
        // exactly this capacity and is not moved.
        bytes.shrink_to_fit();
        SiltBuffer {
            data: Box::into_raw(bytes.into_boxed_slice()).cast(),
            len,
        }
    }

    /// # Safety
    ///
    /// `self` comes from `of` and is not used again.
    unsafe fn free(self) {
        if self.data.is_null() {
            return;
        }
        if let Ok(layout) = Layout::array::<u8>(self.len + 1) {
            // SAFETY: `of` made it as a boxed slice of `len` + 1 bytes.
            unsafe { std::alloc::dealloc(self.data, layout) };
        }
    }
}

/// Frees a buffer. One without bytes is ignored.
///
/// Any thread, also another than the one that got the buffer.
///
/// # Safety
///
/// The buffer came from this library, unchanged, and is not freed a second time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn silt_free(buffer: SiltBuffer) {
    // SAFETY: as the caller promises.
    unsafe { buffer.free() };
}
