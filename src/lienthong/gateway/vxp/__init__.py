"""The national axis's client API ("VXP") on a gateway: software built on SDK 2.0.x works with a new address and secret.

digests, signing, states, shapes   how the SDK signs and prints, what it must be told: pure
systems, trail, ports              who may call, what was refused, where both are kept
calls, packages, agencies          the calls themselves, over the desk's own use cases
routes, face, operations           HTTP: the SDK's addresses, and the operators'
"""
