"""How torchrun starts several processes that train together."""

import socket


def environments(processes: int) -> list[dict[str, str]]:
    """What torchrun tells each of its processes."""
    if processes == 1:
        return [{}]
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = str(free.getsockname()[1])
    size, place = str(processes), {"MASTER_ADDR": "localhost", "MASTER_PORT": port}
    place |= {"TORCHELASTIC_RUN_ID": "test", "GROUP_RANK": "0"}
    place |= {"WORLD_SIZE": size, "LOCAL_WORLD_SIZE": size}
    return [place | dict.fromkeys(("RANK", "LOCAL_RANK"), str(rank)) for rank in range(processes)]
