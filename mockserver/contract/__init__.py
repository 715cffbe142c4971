"""What the API promises: its operations, their bodies, answers and costs, read from `resolved.json`."""

from mockserver.contract.check import Problem, Shape, check
from mockserver.contract.find import Contract, Meters, Operation, contract

__all__ = ["Contract", "Meters", "Operation", "Problem", "Shape", "check", "contract"]
