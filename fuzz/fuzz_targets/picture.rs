#![no_main]

libfuzzer_sys::fuzz_target!(init: vestibule_fuzzing::abort_on_panics_of_ours(), |input: &[u8]| {
    vestibule_fuzzing::picture(input)
});
