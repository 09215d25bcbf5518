"""Frames that one process hands to another: files in folders."""

import shutil
from pathlib import Path

import polars as pl


def put(out: str, **frames: pl.DataFrame) -> None:
    """Write frames to a new folder."""
    folder = Path(out)
    folder.mkdir(parents=True)
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet", compression="uncompressed", statistics=False)


def take(out: str) -> dict[str, pl.DataFrame]:
    """The frames of a folder, which is gone then."""
    frames = {file.stem: pl.read_parquet(file) for file in Path(out).glob("*.parquet")}
    shutil.rmtree(out)
    return frames


def write(folder: Path, number: int, **frames: pl.DataFrame) -> None:
    """Add a file of this number to what the folder has of each of some tables."""
    for name, frame in frames.items():
        (folder / name).mkdir(exist_ok=True)
        frame.write_parquet(folder / name / f"{number:06d}.parquet")


def take_out(folder: Path) -> None:
    """Leave an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
