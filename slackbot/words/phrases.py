"""Phrases of words as a tree: those that begin alike are walked together. What they mean is whoever's who plants it."""

from typing import TypeVar, Union

from slackbot.words.tokens import Folded

V = TypeVar("V")

Phrase = tuple[Folded, ...]
Tree = dict[Folded, Union["Tree[V]", V]]
"""What may follow a word: the next word, or behind the last one the value, where no phrase goes on from there.

A value is no dictionary, so that it is told from what follows.
"""
HERE = Folded("")  # at this key stands the value of a phrase from which others go on


def put(tree: Tree[V], phrase: Phrase, value: V) -> None:
    """Give a phrase of one word or more its value; one that it has already stays."""
    for word in phrase[:-1]:
        following = tree.setdefault(word, {})
        if not isinstance(following, dict):
            following = tree[word] = {HERE: following}
        tree = following
    last = tree.setdefault(phrase[-1], value)
    if isinstance(last, dict):
        last.setdefault(HERE, value)
