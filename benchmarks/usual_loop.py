"""The usual way to train with Lightning, which loops.py compares with."""

import io
import tempfile
import time

import lightning.pytorch as lightning
import numpy as np
import torch
from lightning.pytorch.loggers import MLFlowLogger
from my_ml_project.augmentation import augment
from PIL import Image
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset
from torchmetrics.classification import MulticlassAccuracy


class Samples(Dataset):
    """One sample at a time, decoded and changed at random."""

    def __init__(self, inputs, targets, limits):
        self.inputs, self.targets, self.limits = inputs, targets, limits
        self.files = [encode(one) for one in inputs] if inputs.ndim == 4 else None

    def __len__(self):
        return len(self.targets)

    def __getitem__(self, index):
        if self.files is None:
            sample = torch.as_tensor(self.inputs[index])[None]
        else:
            sample = torch.from_numpy(decode(self.files[index], self.inputs.shape[-1]))[None]
        return augment(sample, self.limits)[0], self.targets[index]


def encode(image):
    stream = io.BytesIO()
    Image.fromarray(np.asarray(image).squeeze()).save(stream, "PNG")
    return stream.getvalue()


def decode(content, channels):
    pixels = np.array(Image.open(io.BytesIO(content)))
    return pixels if channels > 1 else pixels[..., None]


class Usual(lightning.LightningModule):
    """What tutorials write."""

    def __init__(self, network, lr, classes):
        super().__init__()
        self.network, self.lr = network, lr
        self.accuracy, self.val_accuracy = MulticlassAccuracy(classes), MulticlassAccuracy(classes)

    def training_step(self, batch, _):
        outputs = self.network(batch[0])
        loss = loss_of(outputs, batch[1])
        self.log("train/loss", loss, on_step=True, on_epoch=True, prog_bar=True)
        self.accuracy(outputs.mean(1) if outputs.ndim == 3 else outputs, batch[1])
        self.log("train/accuracy", self.accuracy, on_step=True, on_epoch=True, prog_bar=True)
        return loss

    def validation_step(self, batch, _):
        outputs = self.network(batch[0])
        self.log("val/loss", loss_of(outputs, batch[1]), prog_bar=True)
        self.val_accuracy(outputs, batch[1])
        self.log("val/accuracy", self.val_accuracy, prog_bar=True)

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), self.lr)


def loss_of(outputs, targets):
    """Cross-entropy; each member of an ensemble has a loss of its own."""
    if outputs.ndim == 3:
        repeated = targets.repeat_interleave(outputs.shape[1])
        return functional.cross_entropy(outputs.flatten(0, 1), repeated)
    return functional.cross_entropy(outputs, targets)


def usual(work):
    """Seconds of a fit with the defaults of Lightning and MLflow."""
    data, config = work.data(), work.config
    torch.use_deterministic_algorithms(False)
    limits = config.data.augmentation
    loaders = []
    for part, shuffle in ((data.train, True), (data.val, False)):
        samples = Samples(np.asarray(part.inputs), part.targets, limits)
        loaders.append(DataLoader(samples, work.batch, shuffle=shuffle))
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        module = Usual(work.network(data), config.optimizer.lr, len(data.manifest.classes))
        logger = MLFlowLogger("usual", tracking_uri=f"sqlite:///{folder}/mlflow.db")
        checkpoint = lightning.callbacks.ModelCheckpoint(folder, monitor="val/loss", save_last=True)
        trainer = lightning.Trainer(
            accelerator="gpu" if work.cuda else "cpu",
            devices=1,
            max_epochs=work.epochs,
            logger=logger,
            callbacks=[checkpoint],
            default_root_dir=folder,
            log_every_n_steps=50,
        )
        trainer.fit(module, *loaders)
        work.synchronize()
        return time.perf_counter() - begun, 0.0
