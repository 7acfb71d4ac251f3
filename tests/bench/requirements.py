"""Every requirement in real repositories, held against versions by us and by its own ecosystem.

    python -m tests.bench.requirements [--semver CRATE] REPOSITORY…

Each REPOSITORY is a clone or bare clone; all its manifests at HEAD are read. Each distinct
constraint is held against some versions: pip's own copy of `packaging` answers for Python,
the semver that npm itself uses (needs node and npm) for npm, and the semver crate, of which
CRATE is a checkout (needs cargo), for Cargo. What is not installed is said to be left out.
"""

from __future__ import annotations

import argparse
import json
import posixpath
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from gitcoord.manifests import reading
from gitcoord.manifests.versions import UnansweredError, allows

Answers = dict[str, list[bool] | None]

PYTHON = [
    "0.0.1", "0.1.0", "0.3.12", "0.4.0", "0.9.9", "1.0.0", "1.0.0rc1", "1.1.4", "1.5.0.dev3", "2.0.0",
    "2.1.3", "2.2.5", "3.0.0", "3.1.2", "4.0.1", "5.8.0", "8.1.3", "20.4.1", "2024.1.1",
]  # fmt: skip
SEMVER = [
    "0.0.1", "0.1.0", "0.3.12", "0.4.0", "0.9.9", "1.0.0", "1.0.0-rc.1", "1.1.4", "1.5.0-beta.3", "2.0.0",
    "1.0.0-alpha", "1.0.0-beta.2", "1.3.0-alpha", "1.3.0-beta.1", "2.0.0-rc.1", "3.0.0-alpha.4",
    "2.0.0-0", "2.1.3", "2.2.5", "3.0.0", "3.1.2", "4.0.1", "5.8.0", "8.1.3", "20.4.1",
]  # fmt: skip
_NPM = (
    "const s=require(process.argv[1]);const [r,v]=JSON.parse(require('fs').readFileSync(0));"
    "console.log(JSON.stringify(r.map(x=>s.validRange(x)===null?null:v.map(y=>s.satisfies(y,x)))))"
)
_CARGO = """use std::io::{self, BufRead};
fn main() {
    let mut versions: Vec<semver::Version> = vec![];
    for line in io::stdin().lock().lines().map(|line| line.unwrap()) {
        if let Some(one) = line.strip_prefix("V ") {
            versions.push(semver::Version::parse(one).unwrap());
        } else if let Some(one) = line.strip_prefix("R ") {
            match semver::VersionReq::parse(one) {
                Err(_) => println!("-"),
                Ok(range) => println!("{}", versions.iter()
                    .map(|one| if range.matches(one) { '1' } else { '0' }).collect::<String>()),
            }
        }
    }
}
"""


def declared(repositories: list[str]) -> tuple[dict[str, set[str]], int]:
    """Return the distinct constraints of all requirements by dialect, and how many there are."""
    found: dict[str, set[str]] = {}
    count = 0
    for folder in repositories:
        listed = _git(folder, "ls-tree", "-r", "-z", "--name-only", "HEAD").decode()
        for path in listed.split("\0"):
            name = posixpath.basename(path)
            if not reading.is_manifest(name):
                continue
            manifest = reading.read(path, _git(folder, "show", f"HEAD:{path}"))
            count += len(manifest.requirements)
            for need in manifest.requirements:
                if need.constraint:
                    dialect = need.dialect or manifest.ecosystem
                    found.setdefault(dialect, set()).add(need.constraint)
    return found, count


def _git(folder: str, *words: str) -> bytes:
    return subprocess.run(["git", "-C", folder, *words], capture_output=True, check=True).stdout


def of_pip(constraints: list[str]) -> Answers:
    """Return what pip answers, by its own copy of packaging."""
    from pip._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet
    from pip._vendor.packaging.version import Version

    found: Answers = {}
    for one in constraints:
        try:
            asked = SpecifierSet(one)
        except InvalidSpecifier:
            found[one] = None
            continue
        found[one] = [asked.contains(Version(it), prereleases=True) for it in PYTHON]
    return found


def of_npm(constraints: list[str]) -> Answers | None:
    """Return what npm's own semver answers; None where there is no npm."""
    if not shutil.which("node") or not shutil.which("npm"):
        return None
    root = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=True).stdout
    place = str(Path(root.strip(), "npm", "node_modules", "semver"))
    fed = json.dumps([constraints, SEMVER])
    words = ["node", "-e", _NPM, place]
    out = subprocess.run(words, input=fed, capture_output=True, text=True, check=True).stdout
    return dict(zip(constraints, json.loads(out), strict=True))


def of_cargo(constraints: list[str], crate: str | None) -> Answers | None:
    """Return what the semver crate answers; None without cargo or the crate."""
    if crate is None or not shutil.which("cargo"):
        return None
    with tempfile.TemporaryDirectory(prefix="coord-bench-") as scratch:
        Path(scratch, "src").mkdir()
        Path(scratch, "src", "main.rs").write_text(_CARGO, encoding="utf-8")
        Path(scratch, "Cargo.toml").write_text(
            '[package]\nname = "compare"\nversion = "0.1.0"\nedition = "2021"\n[workspace]\n'
            f"[dependencies]\nsemver = {{ path = {json.dumps(str(Path(crate).resolve()))} }}\n",
            encoding="utf-8",
        )
        lines = [f"V {one}" for one in SEMVER] + [f"R {one}" for one in constraints]
        out = subprocess.run(
            ["cargo", "run", "--quiet", "--offline"],
            cwd=scratch, input="\n".join(lines), capture_output=True, text=True, check=True,
        ).stdout.splitlines()  # fmt: skip
    answers = [None if one == "-" else [bit == "1" for bit in one] for one in out]
    return dict(zip(constraints, answers, strict=True))


def ours(dialect: str, constraint: str, versions: list[str]) -> list[bool] | None:
    """Return what coord answers; None for a constraint that it does not take."""
    try:
        return [allows(dialect, constraint, one) for one in versions]
    except UnansweredError:
        return None


def main() -> int:
    """Compare, print the counts and every difference; exit with 1 when there is one."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.requirements")
    parser.add_argument("--semver", metavar="CRATE")
    parser.add_argument("repositories", nargs="+", metavar="REPOSITORY")
    words = parser.parse_args()
    found, count = declared(words.repositories)
    print(f"{len(words.repositories)} repositories, {count:,} requirements")
    wrong = 0
    for dialect, versions in (("pypi", PYTHON), ("npm", SEMVER), ("cargo", SEMVER)):
        asked = sorted(found.get(dialect, ()))
        theirs = (
            of_pip(asked) if dialect == "pypi"
            else of_npm(asked) if dialect == "npm" else of_cargo(asked, words.semver)
        )  # fmt: skip
        if theirs is None:
            print(f"{dialect}: {len(asked)} constraints, not compared: its own tool is not here")
            continue
        different = [one for one in asked if ours(dialect, one, versions) != theirs[one]]
        wrong += len(different)
        total = len(asked) * len(versions)
        print(f"{dialect}: {len(asked)} constraints, {total:,} answers, {len(different)} different")
        for one in different:
            print(f"  {one}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
