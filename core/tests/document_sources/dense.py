#!/usr/bin/env python
'''The docstring.'''
from __future__ import annotations
import os, os.path as path; from . import sibling as other
__all__ = ['first', "Outer"]
count = {}; count.start = os.sep
other.flag = count.start
# about the first
@decorator
# between
@other.registered(count)

def first(a: int = 1, *rest, key=count) -> Outer:
    '''Says nothing.'''
    global changed
    changed = [
        a for a in rest
]
    return lambda: (yield key)
    # the end of first

# between functions
def first(b): return b
class Outer(other.Base, metaclass=Meta):
    # before the docstring
    '''Of the class.'''
    __slots__ = ('x', 'y')

    limit = first(1) + \
        2
    @property
    def x(self):
        if self.y: return 1
        else:
            return self.limit  # last

    @x.setter
    def x(self, value): self.y = value; other.flag = value
    class Inner[T](Outer):
        text = '''
    def not_a_method(self):
        pass
'''
        class Innermost: depth = 3; names = [depth for _ in text]
        def method(self) -> T:
            with open(self.text) as file, other.lock:
                return super().method()
        # the end of Inner

    if os.name == 'nt':
        def only(self): pass
    else:
        only = limit
    for each in range(3): limit.each = each
  # out of place
    last = Inner
    limit.last = last


if count:
    import late_module as late
    class Conditional:
        attribute = late.value
elif os:
    late = None
try:
    import missing
except ImportError:
    missing = None
while False: pass
if missing:
	count = 3
	def tabbed(self):
		return self.count
"statement"
match count:
    case {'a': 1}: pass
    case _:
        x = count
class Last:
    a = 1
    b = 2; c = 3
    count.rows = a
    # ends with a comment
