//! One body, compiled twice: for every processor, and for those with AVX2. No fused multiply-add is used, so that both give
//! the same numbers to the last bit and a picture does not depend on the laptop that made it.

/// Declares a function whose body is compiled for AVX2 too, and taken in that form where the processor has it.
macro_rules! vectorised {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $body:block) => {
        $(#[$meta])*
        $vis fn $name($($arg: $type),*) {
            #[inline(always)]
            #[allow(clippy::inline_always, clippy::too_many_arguments)]
            fn body($($arg: $type),*) $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                #[allow(clippy::too_many_arguments)]
                fn with_avx2($($arg: $type),*) {
                    body($($arg),*);
                }
                if std::arch::is_x86_feature_detected!("avx2") {
                    // SAFETY: the processor has just said that it knows these instructions.
                    unsafe { with_avx2($($arg),*) };
                    return;
                }
            }
            body($($arg),*);
        }
    };
}

pub(crate) use vectorised;

vectorised! {
    /// Adds a row's share to the sums.
    pub(crate) fn add(weight: f32, row: &[f32], sums: &mut [f32]) {
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += weight * value;
        }
    }
}
