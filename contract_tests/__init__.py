"""The other side of the contract: the suite, and under mock/ the stand-in that users install."""
