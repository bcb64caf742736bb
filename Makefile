# Everything a developer types. `make test` is the whole set-up of the tests.
.PHONY: help run dist deb test fmt lint docs bench load screenshots

help:
	@echo "make run          serve on http://127.0.0.1:8000/"
	@echo "make dist         the program as it is packaged, in target/dist/vestibule"
	@echo "make deb          a Debian package of it, in target/debian (needs cargo-deb)"
	@echo "make test         install what the tests need, check and test everything"
	@echo "make lint         formatting and clippy alone"
	@echo "make fmt          format the code"
	@echo "make docs         write the generated tables of docs/"
	@echo "make bench        benchmarks of the parts"
	@echo "make load         load test of the whole server"
	@echo "make screenshots  pictures of the pages, into docs/screens"

run:
	cargo run --release

# Packed relocations save a fourteenth of the file. They need glibc 2.36 (Debian 12) where the program runs.
dist:
	cargo rustc --profile dist --bin vestibule -- -C link-arg=-Wl,-z,pack-relative-relocs

deb: dist
	mkdir -p target/deb
	target/dist/vestibule man > target/deb/vestibule.1
	target/dist/vestibule completions bash > target/deb/vestibule.bash
	cargo deb --no-build --profile dist

test:
	tools/test

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings

fmt:
	cargo fmt --all

docs:
	tools/docs

bench:
	cargo bench --package vestibule

load:
	cargo run --profile dist --package vestibule-load

screenshots:
	tools/screenshots
